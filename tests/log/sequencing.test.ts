import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { runSequencer } from '../../src/jobs/run-loops.ts'
import { formatEntry } from '../../src/log/core/entry/entry-line.ts'
import type { Checkpoint } from '../../src/log/core/note/checkpoint.ts'
import { logFolder } from '../../src/log/log-folder.ts'
import { createLogWriter } from '../../src/log/open-log.ts'
import type { LogWriter } from '../../src/log/sequencing/log-writer.ts'
import { sequenceLog } from '../../src/log/sequencing/sequence-log.ts'
import { insertQueued } from '../../src/log/store/log-queue.ts'
import { MINUTE, SECOND } from '../../src/platform/clock.ts'
import { newId } from '../../src/platform/random-id.ts'
import { useFreshHarness } from '../support/harness.ts'
import { checkPublicLog, listEntries } from '../support/public-log.ts'
import { until } from '../support/until.ts'

describe('the sequencer', () => {
  const harness = useFreshHarness()
  let writer: LogWriter
  let enqueued: number
  beforeEach(async () => {
    writer = await createLogWriter(harness.site)
    enqueued = 0
  })

  async function enqueue(count: number): Promise<void> {
    const [petition] = await harness.site.petitions.all()
    await insertQueued(
      harness.site.db,
      Array.from({ length: count }, () => {
        enqueued++
        const commitment = Buffer.alloc(32)
        commitment.writeUInt32BE(enqueued)
        const entry = {
          kind: 'sign',
          slug: petition!.slug,
          hour: '2024-03-01T09Z',
          commitment: commitment.toString('base64'),
        } as const
        const confirmedAt = new Date('2024-03-01T09:30Z')
        return {
          petitionId: petition!.id,
          signatureId: newId(),
          change: 1,
          entry: formatEntry(entry),
          counted: { confirmedAt, country: 'DE', language: 'en', ref: null },
        }
      }),
    )
  }

  const signs = async () =>
    (await listEntries(harness)).filter((entry) => entry.startsWith('sign/'))

  it('shuffles what it takes, after the keys and texts that came with it', async () => {
    await enqueue(200)
    await sequenceLog(harness.site.db, writer)
    const entries = await listEntries(harness)
    assert.match(entries[0]!, /^recipients\/v1 /)
    assert.ok(entries.slice(1, 5).every((entry) => entry.startsWith('text/v1 ')))
    const inLog = await signs()
    const asTheyCame = [...inLog].sort()
    assert.equal(new Set(inLog).size, 200)
    assert.notDeepEqual(inLog, asTheyCame)
    const kept = inLog.filter((entry, place) => entry === asTheyCame[place]).length
    assert.ok(kept < 20, `${kept} of 200 stayed in their place`)
  })

  it('keeps one log when several nodes write it at the same time', async () => {
    const nodes = await Promise.all(
      [1, 2, 3, 4].map(async (node) => ({
        ...writer,
        folder: join(harness.site.config.dataDir, `node-${node}`),
      })),
    )
    const earlier: Checkpoint[] = []
    for (let round = 0; round < 8; round++) {
      await enqueue(100)
      const outcomes = await Promise.allSettled([
        ...nodes.map((node) => sequenceLog(harness.site.db, node)),
        enqueue(30),
      ])
      for (const outcome of outcomes) assert.equal(outcome.status, 'fulfilled', String(outcome))
      earlier.push((await checkPublicLog(harness, earlier)).checkpoint)
    }
    await sequenceLog(harness.site.db, writer)
    await checkPublicLog(harness, earlier)
    const inLog = await signs()
    assert.equal(inLog.length, 8 * 130)
    assert.equal(new Set(inLog).size, 8 * 130)
  })

  it('takes a batch when its time has come, and not before, empty ones included', async () => {
    const sequencer = runSequencer(harness.site, writer, 300)
    const taken = async () => (await signs()).length
    try {
      // Before the first checkpoint there is no log to read.
      await until(async () => (await taken().catch(() => null)) === 0)
      await enqueue(1)
      harness.clock.move(20 * SECOND)
      await setTimeout(2500)
      assert.equal(await taken(), 0, 'it waits for its batch')
      harness.clock.move(5 * MINUTE)
      await until(async () => (await taken()) === 1)
    } finally {
      await sequencer.stop()
    }
  })

  it('signs nothing over tiles that somebody changed', async () => {
    await enqueue(10)
    await sequenceLog(harness.site.db, writer)
    await sql`update log_tile set hashes = set_byte(hashes, 3, 255 - get_byte(hashes, 3))`.execute(
      harness.site.db,
    )
    await enqueue(1)
    await assert.rejects(sequenceLog(harness.site.db, writer), {
      message: /the table log_tile was changed or is damaged/,
    })
  })

  it('signs nothing when the root in the database is another than was signed', async () => {
    await enqueue(10)
    await sequenceLog(harness.site.db, writer)
    await sql`update log_state set root = ${Buffer.alloc(32)}, signed_note = null, signed = null,
      published = null, published_note = null`.execute(harness.site.db)
    await assert.rejects(sequenceLog(harness.site.db, writer), {
      message: /is not the one whose 15 entries were signed \(.*last-signed\).* two logs/,
    })
  })

  it('says so when its file is not a checkpoint of this log', async () => {
    await sequenceLog(harness.site.db, writer)
    const file = join(logFolder(harness.site.config), 'last-signed')
    await writeFile(file, 'nonsense\n')
    await assert.rejects(sequenceLog(harness.site.db, writer), {
      message: /last-signed is no checkpoint signed by this log's key \(malformed/,
    })
  })

  it('starts with no other key than the one that signed the log so far', async () => {
    const config = { ...harness.site.config, logKey: Buffer.alloc(32, 9).toString('base64') }
    await assert.rejects(createLogWriter({ ...harness.site, config }), {
      message: /the key in LOG_KEY is not the public log's.*give the node the log's own key/,
    })
    await assert.rejects(
      createLogWriter({
        ...harness.site,
        config: { ...harness.site.config, production: true, logKey: null },
      }),
      { message: /^LOG_KEY is not set: production needs it/ },
    )
  })
})
