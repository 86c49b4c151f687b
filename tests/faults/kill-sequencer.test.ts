import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash, randomInt } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Database } from '../../src/database.ts'
import { checkLog } from '../../src/log/core/check-log.ts'
import { formatEntry } from '../../src/log/core/entry/entry-line.ts'
import { type Checkpoint, parseCheckpoint } from '../../src/log/core/note/checkpoint.ts'
import { signerFromSeed, verifyEd25519 } from '../../src/log/core/note/node-ed25519.ts'
import { parseNote } from '../../src/log/core/note/note.ts'
import { ED25519, formatVkey } from '../../src/log/core/note/note-key.ts'
import { EMPTY_ROOT } from '../../src/log/core/tree/hash-tree.ts'
import { readSigned } from '../../src/log/log-folder.ts'
import { createGetTile, getBundle, readEntries } from '../../src/log/store/bundles-and-tiles.ts'
import { insertQueued } from '../../src/log/store/log-queue.ts'
import { findState, insertState } from '../../src/log/store/log-state.ts'
import { type Connection, connect } from '../../src/platform/database/connect.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { createTestDatabase, runSql, type TestDatabase } from '../support/test-database.ts'

const RUNS = 208
/** Databases that are worked on at the same time. */
const LANES = 2
const BATCHES = [1, 3, 40, 300]

/** Its connections have no name, unlike those of the test. */
const PROGRAM_IS_CONNECTED = `
  select pid from pg_stat_activity
  where datname = current_database() and application_name = '' and pid <> pg_backend_pid()`

const { key } = signerFromSeed('log.example/crash', ED25519, new Uint8Array(32).fill(7))

describe('a sequencer that is killed', () => {
  const workshop = temporaryFolder()
  let program: string
  before(async () => {
    program = join(workshop, 'sequence-and-die.cjs')
    // One file starts several times as fast as the sources.
    await build({
      entryPoints: [fileURLToPath(new URL('./sequence-and-die.ts', import.meta.url))],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      external: ['pg-native'],
      logLevel: 'silent',
    })
  })

  /** @returns what it said: nothing when it was killed */
  function runProgram(lane: Lane, kill: { after?: number; inMs?: number }): Promise<string> {
    const { url } = lane.database
    const args = [program, url, lane.folder, String(kill.after ?? 0), String(kill.inMs ?? 0)]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => {
      out += chunk
    })
    child.stderr.on('data', (chunk) => {
      err += chunk
    })
    return new Promise<string>((resolve, reject) => {
      child.on('close', (code, signal) => {
        if (signal === 'SIGKILL' || code === 0) resolve(out.trim())
        else reject(new Error(err))
      })
    }).finally(() => lane.settled())
  }

  async function torture(lane: Lane, runs: number): Promise<{ kills: number }> {
    let kills = 0
    await lane.enqueue(BATCHES.at(-1)!)
    const statements = Number(await runProgram(lane, {}))
    assert.ok(statements > 20, `${statements} statements`)
    for (let run = 0; run < runs; run++) {
      await lane.enqueue(BATCHES[run % BATCHES.length]!)
      // Every statement in turn; and at any moment, also in the middle of writing a file.
      const kill = run % 3 < 2 ? { after: 1 + (run % statements) } : { inMs: randomInt(1, 120) }
      if ((await runProgram(lane, kill)) === '') kills++
      await lane.check()
    }
    await runProgram(lane, {})
    await lane.check()
    assert.equal(await lane.waiting(), 0)
    assert.equal((await lane.entries()).length, lane.enqueued.size)
    return { kills }
  }

  it(`leaves no fork, loses no entry and doubles none, in ${RUNS} runs`, async () => {
    const lanes = await Promise.all(Array.from({ length: LANES }, () => openLane(workshop)))
    try {
      const outcomes = await Promise.all(lanes.map((lane) => torture(lane, RUNS / LANES)))
      const kills = outcomes.reduce((sum, each) => sum + each.kills, 0)
      assert.ok(kills > RUNS / 2, `${kills} of ${RUNS} were killed in time`)
    } finally {
      await Promise.all(lanes.map((lane) => lane.close()))
    }
  })
})

interface Lane {
  database: TestDatabase
  folder: string
  /** Every entry that was ever queued. */
  enqueued: Set<string>
  enqueue(count: number): Promise<void>
  entries(): Promise<string[]>
  waiting(): Promise<number>
  /** Once PostgreSQL has done, or given up, what the program had sent before it was killed. */
  settled(): Promise<void>
  check(): Promise<void>
  close(): Promise<void>
}

async function openLane(workshop: string): Promise<Lane> {
  const database = await createTestDatabase()
  const folder = await mkdtemp(join(workshop, 'lane-'))
  const { db, close }: Connection<Database> = connect({
    url: database.url,
    max: 3,
    onError: () => {},
  })
  await runSql(
    database.url,
    `insert into petition (slug, settings, opens_at, created_at, updated_at)
     values ('crash', '{}', now(), now(), now())`,
  )
  await insertState(db, { origin: key.name, vkey: formatVkey(key), root: EMPTY_ROOT })
  const enqueued = new Set<string>()
  /** Every checkpoint that was ever signed, by size: its readers hold the log to it. */
  const signed = new Map<number, Checkpoint>()
  const remember = (note: Uint8Array) => {
    const checkpoint = parseCheckpoint(parseNote(note).text)
    const known = signed.get(checkpoint.size) ?? checkpoint
    assert.deepEqual(checkpoint, known, 'two logs of one size')
    signed.set(checkpoint.size, checkpoint)
    return checkpoint
  }

  const entries = async () => {
    const { sequenced } = (await findState(db))!
    if (sequenced === 0) return []
    const all = await readEntries(db, { from: 0, to: sequenced })
    return all.map((entry) => Buffer.from(entry).toString())
  }
  const waiting = async () => {
    const { rows } = await runSql(database.url, 'select count(*) from log_queue')
    return Number(rows[0].count)
  }
  return {
    database,
    folder,
    enqueued,
    entries,
    waiting,
    async settled() {
      while ((await runSql(database.url, PROGRAM_IS_CONNECTED)).rows.length > 0) await setTimeout(5)
    },
    async enqueue(count) {
      const fresh = Array.from({ length: count }, (_, at) => {
        const signatureId = `00000000-0000-0000-0000-${String(enqueued.size + at + 1).padStart(12, '0')}`
        const commitment = createHash('sha256').update(signatureId).digest('base64')
        const hour = '2024-11-11T10Z'
        const entry = formatEntry({ kind: 'sign', slug: 'crash', hour, commitment })
        const counted = {
          confirmedAt: new Date('2024-11-11T10:00Z'),
          country: 'DE',
          language: 'en',
        }
        return {
          petitionId: 1,
          signatureId,
          change: 1 as const,
          entry,
          counted: { ...counted, ref: null },
        }
      })
      await insertQueued(db, fresh)
      for (const { entry } of fresh) enqueued.add(Buffer.from(entry).toString())
    },
    async check() {
      const placed = await entries()
      assert.equal(new Set(placed).size, placed.length, 'none is doubled')
      assert.ok(placed.every((entry) => enqueued.has(entry)))
      assert.equal(placed.length + (await waiting()), enqueued.size, 'none is lost')
      const state = (await findState(db))!
      const kept = await readSigned(folder)
      if (kept) assert.ok(remember(kept.note).size <= state.integrated)
      if (state.signedNote) remember(state.signedNote)
      if (!state.publishedNote) return
      const { size } = remember(state.publishedNote)
      const report = await checkLog(
        {
          checkpoint: state.publishedNote,
          getTile: createGetTile(db),
          getBundle: (n, width) => getBundle(db, n, width),
        },
        { logKeys: [key], witnessKeys: [], verify: verifyEd25519 },
        [...signed.values()].filter((each) => each.size <= size),
      )
      assert.deepEqual(report.faults, [])
    },
    async close() {
      await close()
      await database.drop()
    },
  }
}
