import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterEach, beforeEach, describe, it } from 'node:test'
import pg from 'pg'
import type { Database } from '../../src/database.ts'
import { type Connection, connect } from '../../src/platform/database/connect.ts'
import { listMigrations, migrateDown, migrateUp } from '../../src/platform/database/migrate.ts'
import { runProgram } from '../support/program.ts'
import { runSql, withDatabase } from '../support/test-database.ts'
import { readSchema } from './support/read-schema.ts'

const FILES = readdirSync('migrations').map((file) => file.replace(/\.ts$/, ''))

describe('migrations', () => {
  const server = process.env.TEST_SERVER_URL!
  let name: string
  let url: string
  let opened: Connection<Database>[]
  beforeEach(async () => {
    name = `undersigned_test_${randomBytes(6).toString('hex')}`
    url = withDatabase(server, name)
    opened = []
    await runSql(server, `create database ${name} template template0`)
  })
  afterEach(async () => {
    await Promise.all(opened.map((connection) => connection.close()))
    await runSql(server, `drop database if exists ${name} with (force)`)
  })

  function open() {
    const connection = connect<Database>({ url, max: 2, onError: () => {} })
    opened.push(connection)
    return connection
  }

  async function withClient<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client(url)
    await client.connect()
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  }
  /** Everything of the program's own, also what is no column: indexes, checks, keys, types. */
  const snapshot = () =>
    withClient(async (client) => {
      const { rows } = await client.query<{ text: string }>(`
        select indexdef as text from pg_indexes where schemaname = 'public'
        union all
        select conrelid::regclass || ' ' || pg_get_constraintdef(oid) from pg_constraint
         where connamespace = 'public'::regnamespace
        union all
        select 'type ' || typname from pg_type
         where typnamespace = 'public'::regnamespace and typtype = 'e'
        order by 1`)
      const own = rows.map(({ text }) => text).filter((text) => !text.includes('kysely_'))
      return { own, schema: await readSchema(client) }
    })

  it('are numbered one after the other', () => {
    assert.deepEqual(
      FILES.map((file) => Number(file.slice(0, 4))),
      FILES.map((_, index) => index + 1),
    )
  })

  it('go up in order, and a second time do nothing', async () => {
    const { db, pool } = open()
    assert.deepEqual(await migrateUp(db, pool), FILES)
    assert.deepEqual(await migrateUp(db, pool), [])
    const listed = await listMigrations(db)
    assert.deepEqual(
      listed.map((migration) => migration.name),
      FILES,
    )
    assert.ok(listed.every(({ executedAt }) => executedAt instanceof Date))
  })

  it('go down to nothing, one at a time, and up again to the same schema', async () => {
    const { db, pool } = open()
    await migrateUp(db, pool)
    const whole = await snapshot()
    assert.ok(whole.own.length > 10 && whole.schema.size > 5)
    for (const file of [...FILES].reverse()) assert.deepEqual(await migrateDown(db), [file])
    assert.deepEqual(await snapshot(), { own: [], schema: new Map() })
    assert.deepEqual(await migrateDown(db), [])
    assert.deepEqual(await migrateUp(db, pool), FILES)
    assert.deepEqual(await snapshot(), whole)
  })

  it('are safe when several nodes start at once: one migrates, the others wait and find it done', async () => {
    const nodes = Array.from({ length: 6 }, open)
    const done = await Promise.all(nodes.map(({ db, pool }) => migrateUp(db, pool)))
    assert.deepEqual(done.flat(), FILES)
    assert.equal(done.filter((names) => names.length > 0).length, 1)
    await withClient(async (client) => {
      await client.query('select 1 from graphile_worker._private_jobs, petition')
    })
  })

  it('that fail leave the schema as it was, and let the next node try', async () => {
    const { db, pool } = open()
    await runSql(url, 'create table partner_link ()')
    await assert.rejects(migrateUp(db, pool), /partner_link/)
    const broken = await snapshot()
    assert.deepEqual([...broken.schema.keys()], [])
    await runSql(url, 'drop table partner_link')
    assert.deepEqual(await migrateUp(open().db, pool), FILES)
  })

  it('say of a database that a newer release has migrated what to do', async () => {
    const { db, pool } = open()
    await migrateUp(db, pool)
    await runSql(url, `insert into kysely_migration values ('9999_later', now()::text)`)
    await assert.rejects(migrateUp(db, pool), {
      message: /migrated by a newer release \(9999_later .*"undersigned migrate down"/,
    })
  })

  it('that would mail all held forms at once are not taken back unasked', async () => {
    const { db, pool, close } = open()
    await migrateUp(db, pool)
    for (let newest = FILES.at(-1)!; !newest.startsWith('0012_'); ) {
      await migrateDown(db)
      newest = FILES[FILES.indexOf(newest) - 1]!
    }
    await runSql(
      url,
      `set session_replication_role = replica;
       insert into submission (id, petition_id, text_version, consent_version, display, updates, country, language,
                               address, details, created_at, held)
       values (gen_random_uuid(), 1, 1, 1, 'hidden', false, 'DE', 'en', '', '', now(), 'unproved')`,
    )
    await close()
    opened = []
    const run = (...more: string[]) =>
      runProgram(['migrate', 'down', ...more], { DATABASE_URL: url, DATA_DIR: tmpdir() }).ended
    const refused = await run()
    assert.equal(refused.code, 1)
    assert.match(refused.errors, /^undersigned: 1 form is held, .+ "undersigned held list".+\n$/)
    const done = await run('--mail-held')
    assert.equal(done.output, '0012_held_mails taken back\n', done.errors)
    const jobs = await withClient((client) =>
      client.query('select from graphile_worker._private_jobs'),
    )
    assert.equal(jobs.rowCount, 1)
  })
})
