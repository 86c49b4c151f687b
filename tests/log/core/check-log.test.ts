import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MalformedError } from '../../../src/log/core/canonical.ts'
import { checkLog, type LogSource } from '../../../src/log/core/check-log.ts'
import { countOf } from '../../../src/log/core/entry/count-entries.ts'
import { formatBundle, parseBundle } from '../../../src/log/core/entry/entry-bundle.ts'
import { formatCheckpoint } from '../../../src/log/core/note/checkpoint.ts'
import { signNote } from '../../../src/log/core/note/sign-note.ts'
import { hashLeaf } from '../../../src/log/core/tree/hash-tree.ts'
import { tilePath } from '../../../src/log/core/tree/tile-path.ts'
import { checkTile } from '../../../src/log/core/walk-log.ts'
import { hex, utf8, withByte } from './support/bytes.ts'
import { buildLog, logSigner, makeEntries, trust, withFiles } from './support/memory-log.ts'

const SIZE = 1000
/** A prime: the whole check looks at every place in an entry and in a hash. */
const STRIDE = 61
const entries = makeEntries(SIZE)
const log = buildLog(entries)
const origin = logSigner.key.name

async function faultsOf(source: LogSource): Promise<string[]> {
  const { ok, faults } = await checkLog(source, trust)
  assert.equal(ok, faults.length === 0)
  return faults.map(({ problem, path, at }) => `${problem} ${path} ${at}`)
}

describe('a check of the whole log', () => {
  it('finds nothing wrong in a log that keeps the rules, and counts it', async () => {
    const report = await checkLog(log, trust)
    assert.deepEqual(report.faults, [])
    assert.equal(report.ok, true)
    assert.equal(report.checkpoint?.size, SIZE)
    assert.equal(report.counter.size, SIZE)
    const texts = entries.map((bytes) => Buffer.from(bytes).toString())
    for (const slug of ['cop29-baku', 'clean-water']) {
      const signs = texts.filter((text) => text.startsWith(`sign/v1 ${slug} `)).length
      const out = texts.filter((text) => text.match(`^(withdraw|void)/v1 ${slug} `)).length
      assert.ok(signs > 200 && out > 10)
      assert.equal(countOf(report.counter, slug), signs - out)
    }
  })

  it('works at every size around the tiles, and for nothing at all', async () => {
    for (const size of [0, 1, 255, 256, 257, 511, 512, 513]) {
      assert.deepEqual(await faultsOf(buildLog(entries.slice(0, size))), [], `${size}`)
    }
  })

  it('says which file isn’t there, or has another length', async () => {
    for (const [path, bytes] of log.files) {
      assert.deepEqual(await faultsOf(withFiles(log, { [path]: null })), [`missing ${path} null`])
      for (const other of [
        bytes.subarray(1),
        bytes.subarray(0, -1),
        new Uint8Array([...bytes, 0]),
      ]) {
        const [fault] = await faultsOf(withFiles(log, { [path]: other }))
        assert.equal(fault, `malformed ${path} null`)
      }
    }
  })

  it('says which hash of a tile isn’t that of the entries', async () => {
    const change = async (path: string, hash: number) => {
      const bytes = withByte(log.files.get(path)!, hash * 32 + 31, 0)
      return faultsOf(withFiles(log, { [path]: bytes }))
    }
    assert.deepEqual(await change('tile/0/001', 7), ['other-hash tile/0/001 7'])
    assert.deepEqual(await change('tile/0/003.p/232', 231), ['other-hash tile/0/003.p/232 231'])
    assert.deepEqual(await change('tile/1/000.p/3', 2), ['other-hash tile/1/000.p/3 2'])
  })

  it('says which entry isn’t the one that the tree holds', async () => {
    const changed = entries.slice(256, 512)
    changed[7] = entries[300]!
    const source = withFiles(log, { 'tile/entries/001': formatBundle(changed) })
    assert.deepEqual(await faultsOf(source), [
      'other-entry tile/entries/001 263',
      'other-hash tile/1/000.p/3 1',
      'other-root checkpoint null',
    ])
  })

  it('is not fooled by a leaf hash that was changed with its entry', async () => {
    const changed = entries.slice(256, 512)
    changed[7] = entries[300]!
    const tile = new Uint8Array(log.files.get('tile/0/001')!)
    tile.set(hashLeaf(changed[7]!), 7 * 32)
    const files = { 'tile/entries/001': formatBundle(changed), 'tile/0/001': tile }
    assert.deepEqual(await faultsOf(withFiles(log, files)), [
      'other-hash tile/1/000.p/3 1',
      'other-root checkpoint null',
    ])
  })

  it('refuses the files of one log under the checkpoint of another', async () => {
    const { checkpoint } = buildLog([...entries.slice(0, -1), entries[20]!])
    const faults = await faultsOf(withFiles(log, { checkpoint }))
    assert.deepEqual(faults, ['other-root checkpoint null'])
    const stranger = signNote(log.checkpointText.replace('log.', 'lag.'), [logSigner])
    assert.deepEqual(await faultsOf(withFiles(log, { checkpoint: stranger })), [
      'checkpoint-wrong-origin checkpoint null',
    ])
  })

  it('tells entries that nobody can read, and goes on', async () => {
    const odd = [...entries]
    odd[3] = utf8('sign/v2 from the future')
    odd[700] = new Uint8Array(0)
    assert.deepEqual(await faultsOf(buildLog(odd)), [
      'invalid-entry tile/entries/000 3',
      'invalid-entry tile/entries/002 700',
    ])
  })

  it('lists at most a hundred faults', async () => {
    const noise = Array.from({ length: 300 }, () => utf8('noise'))
    assert.equal((await faultsOf(buildLog(noise))).length, 100)
  })

  it('notes a withdrawal or void that names no signature, which is no fault', async () => {
    const more = [...entries, ...[0, 0, 1].map(() => utf8('withdraw/v1 cop29-baku 9'))]
    const report = await checkLog(buildLog([...more, utf8('void/v1 cop29-baku 4 bot')]), trust)
    assert.equal(report.ok, true)
    assert.deepEqual(report.ignored, [
      { index: 1001, effect: 'already-taken-out' },
      { index: 1002, effect: 'already-taken-out' },
      { index: 1003, effect: 'no-such-signature' },
    ])
  })

  it('finds that a log was rewritten since somebody kept its checkpoint', async () => {
    const kept = [0, 1, 256, 999, 1000].map((size) => {
      const { root } = buildLog(entries.slice(0, size))
      return { origin, size, root }
    })
    assert.equal((await checkLog(log, trust, kept.toReversed())).ok, true)
    const rewritten = buildLog([entries[1]!, ...entries.slice(1)])
    const report = await checkLog(rewritten, trust, kept)
    assert.deepEqual(
      report.faults.map(({ problem, at }) => [problem, at]),
      [1, 256, 999, 1000].map((size) => ['rewritten', size]),
    )
    const shrunk = await checkLog(buildLog(entries.slice(0, 500)), trust, kept)
    assert.deepEqual(
      shrunk.faults.map(({ problem, at }) => [problem, at]),
      [999, 1000].map((size) => ['shrunk', size]),
    )
  })
})

describe('a single changed byte', () => {
  it('of the checkpoint is found', async () => {
    for (let at = 0; at < log.checkpoint.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const checkpoint = withByte(log.checkpoint, at, log.checkpoint[at]! ^ (1 << bit))
        const [fault] = await faultsOf(withFiles(log, { checkpoint }))
        assert.match(fault!, /^checkpoint-/, `${at} ${bit}`)
      }
    }
  })

  for (const [path, bytes] of log.files) {
    it(`of ${path} is found by the whole check, here and there`, async () => {
      for (let at = bytes.length % STRIDE; at < bytes.length; at += STRIDE) {
        const changed = withByte(bytes, at, bytes[at]! ^ (1 << (at % 8)))
        assert.notDeepEqual(await faultsOf(withFiles(log, { [path]: changed })), [], `${at}`)
      }
    })
  }

  it('of a tile, full or partial, is found at every place', async () => {
    for (const [level, n, width] of [
      ...[[0, 0, 256] as const, [0, 3, 232] as const, [1, 0, 3] as const],
    ]) {
      const place = { level, n, width }
      const bytes = log.files.get(tilePath(place))!
      const changed = new Uint8Array(bytes)
      for (let at = 0; at < bytes.length; at++) {
        changed[at]! ^= 1 << (at % 8)
        const fault = await checkTile({ ...place, bytes }, async () => changed)
        assert.deepEqual(fault, {
          ...{ problem: 'other-hash', path: tilePath(place) },
          at: Math.floor(at / 32),
        })
        changed[at] = bytes[at]!
      }
    }
  })

  it('of an entry bundle, full or partial, is found at every place', () => {
    for (const [path, first, width] of [
      ...[['tile/entries/001', 256, 256] as const, ['tile/entries/003.p/232', 768, 232] as const],
    ]) {
      const bytes = log.files.get(path)!
      const leaves = entries.slice(first, first + width).map((entry) => hex(hashLeaf(entry)))
      const changed = new Uint8Array(bytes)
      for (let at = 0; at < bytes.length; at++) {
        changed[at]! ^= 1 << (at % 8)
        assert.notEqual(firstDifference(changed, leaves), -1, `${path} ${at}`)
        changed[at] = bytes[at]!
      }
      assert.equal(firstDifference(bytes, leaves), -1)
    }
  })
})

/** Where the bundle's leaf hashes aren't those; −1 for nowhere. Hashes only the entries that differ. */
const known = new Map<string, string>()
function firstDifference(bundle: Uint8Array, leaves: string[]): number {
  try {
    return parseBundle(bundle, leaves.length).findIndex((entry, at) => {
      const text = Buffer.from(entry).toString('latin1')
      const leaf = known.get(text) ?? hex(hashLeaf(entry))
      if (leaf === leaves[at]) known.set(text, leaf)
      return leaf !== leaves[at]
    })
  } catch (error) {
    if (error instanceof MalformedError) return 0
    throw error
  }
}

it('the checkpoint of the test’s log is what the format says', () => {
  const { root, checkpointText } = log
  assert.equal(checkpointText, formatCheckpoint({ origin, size: SIZE, root }))
})
