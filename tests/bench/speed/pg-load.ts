import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { idOfPending } from './pending.ts'

/** What PostgreSQL itself can do: one transaction a signature, 50 prepared connections, no HTTP. */
const CONNECTIONS = 50

export interface Statement {
  name: string
  sql: string
  /** For pgbench: the same with its own variables. */
  pgbench: string
  values(): unknown[]
}

/** Records a submission and its job, the same rows as a form leaves. */
export const RECORD: Statement = (() => {
  const text = (address: string, details: string) => `
    with kept as (
      insert into submission (id, created_at, petition_id, text_version, consent_version, display,
                              updates, country, language, address, details)
      values (gen_random_uuid(), now(), 1, 1, 1, 'initials', false, 'DE', 'en', ${address}, ${details})
      returning id)
    select graphile_worker.add_job('mail-submissions',
      payload => (select json_build_object('submissions', json_agg(id)) from kept),
      max_attempts => 25)`
  return {
    name: 'record',
    sql: text('$1', '$2'),
    pgbench: text(
      "decode(md5(random()::text || clock_timestamp()::text), 'hex')",
      "decode(repeat(md5(random()::text), 15), 'hex')",
    ),
    values: () => [randomBytes(16), randomBytes(240)],
  }
})()

const CONFIRM_NEXT = `
    update submission set confirmed = true
     where id = (select ${idOfPending("nextval('bench_confirm')")})`

/** Confirms by one update, the way a bare program would. */
export const CONFIRM: Statement = {
  name: 'confirm',
  sql: CONFIRM_NEXT,
  pgbench: CONFIRM_NEXT,
  values: () => [],
}

const CONFIRM_ALL = `
    with marked as (${CONFIRM_NEXT} returning id, petition_id, country, language, address),
    confirmed as (
      insert into signature (id, confirmed_at, petition_id, text_version, country, language, tag, address)
      select id, now(), petition_id, 1, country, language, address, address from marked
      returning id, petition_id, confirmed_at, country, language),
    counted as (
      insert into tally_queue (event, petition_id, confirmed_at, country, language, source)
      select 'confirmed', petition_id, confirmed_at, country, language, 'direct' from confirmed)
    insert into sealing_queue (signature_id) select id from confirmed`

/** The same with the signature, and the rows of tally_queue and sealing_queue. */
export const CONFIRM_ROWS: Statement = {
  name: 'confirm-rows',
  sql: CONFIRM_ALL,
  pgbench: CONFIRM_ALL,
  values: () => [],
}

/** @returns transactions a second, and by what they were made */
export async function pgLoad(
  url: string,
  statement: Statement,
  { forMs }: { forMs: number },
): Promise<{ rate: number; by: string }> {
  const bench = spawnSync('pgbench', ['--version'])
  return bench.status === 0
    ? { rate: byPgbench(url, statement, forMs), by: 'pgbench' }
    : { rate: await byNode(url, statement, forMs), by: 'node-postgres' }
}

function byPgbench(url: string, { pgbench }: Statement, forMs: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'undersigned-pgbench-'))
  const file = join(folder, 'script.sql')
  writeFileSync(file, `${pgbench.replace(/\n {2,}/g, ' ')};\n`)
  const seconds = String(Math.max(1, Math.round(forMs / 1000)))
  const options = ['-n', '-M', 'prepared', '-c', String(CONNECTIONS), '-j', '1', '-T', seconds]
  const { stdout, stderr } = spawnSync('pgbench', [...options, '-f', file, url])
  rmSync(folder, { recursive: true })
  const rate = /tps = ([\d.]+) \(without/.exec(String(stdout))?.[1]
  if (!rate) throw new Error(`pgbench: ${String(stderr).slice(0, 300)}`)
  return Number(rate)
}

async function byNode(
  url: string,
  { name, sql, values }: Statement,
  forMs: number,
): Promise<number> {
  let done = 0
  const begun = performance.now()
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      while (performance.now() - begun < forMs) {
        await client.query({ name, text: sql, values: values() })
        done++
      }
      await client.end()
    }),
  )
  return done / ((performance.now() - begun) / 1000)
}
