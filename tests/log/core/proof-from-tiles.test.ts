import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { MalformedError } from '../../../src/log/core/canonical.ts'
import { appendLeaf, edgeTiles, emptyTree } from '../../../src/log/core/tree/grow-tree.ts'
import { proveConsistency } from '../../../src/log/core/tree/prove-consistency.ts'
import { proveInclusion } from '../../../src/log/core/tree/prove-inclusion.ts'
import type { GetTile } from '../../../src/log/core/tree/tile.ts'
import { tilePath } from '../../../src/log/core/tree/tile-path.ts'
import { verifyConsistency } from '../../../src/log/core/tree/verify-consistency.ts'
import { verifyInclusion } from '../../../src/log/core/tree/verify-inclusion.ts'
import { createNoise, hexes, pairs } from './support/bytes.ts'
import { naiveLeafHashes, naiveTree } from './support/naive-tree.ts'

const EVERY_SIZE = 600
const LARGEST = 1_000_000
/** Where tiles, and subtrees in them, begin and end. */
const CORNERS = [0, 1, 2, 3, 127, 128, 129, 254, 255, 256, 257, 258, 383, 384, 511, 512, 513, 599]

describe('a proof from tiles', () => {
  it(`of inclusion is that of RFC 6962 at every size to ${EVERY_SIZE}`, async () => {
    const log = tiledLog(EVERY_SIZE)
    for (let size = 1; size <= EVERY_SIZE; size++) {
      const root = log.naive.root(size)
      for (const index of someIndexes(size)) {
        const proof = await proveInclusion(index, size, log.getTile(size))
        assert.deepEqual(hexes(proof), hexes(log.naive.inclusion(index, size)), `${index} ${size}`)
        const claim = { index, size, leafHash: log.leaves[index]!, root, proof }
        assert.equal(verifyInclusion(claim), true)
        assert.equal(verifyInclusion({ ...claim, index: index + 1 }), false)
      }
    }
  })

  it(`of consistency is that of RFC 6962 at every size to ${EVERY_SIZE}`, async () => {
    const log = tiledLog(EVERY_SIZE)
    for (let to = 1; to <= EVERY_SIZE; to++) {
      const newRoot = log.naive.root(to)
      for (const from of [...someIndexes(to), to]) {
        const proof = await proveConsistency(from, to, log.getTile(to))
        assert.deepEqual(hexes(proof), hexes(log.naive.consistency(from, to)), `${from} ${to}`)
        const claim = { from, oldRoot: log.naive.root(from), to, newRoot, proof }
        assert.equal(verifyConsistency(claim), true)
      }
    }
  })

  it('of every pair of sizes to 80 is that of RFC 6962, and holds for no other pair', async () => {
    const log = tiledLog(80)
    for (let to = 1; to <= 80; to++) {
      for (let from = 0; from <= to; from++) {
        const proof = await proveConsistency(from, to, log.getTile(to))
        assert.deepEqual(hexes(proof), hexes(log.naive.consistency(from, to)))
        const [oldRoot, newRoot] = [log.naive.root(from), log.naive.root(to)]
        assert.equal(verifyConsistency({ from, oldRoot, to, newRoot, proof }), true)
        if (from === 0) continue
        for (const wrong of [from - 1, from + 1]) {
          assert.equal(verifyConsistency({ from: wrong, oldRoot, to, newRoot, proof }), false)
        }
        const inclusion = await proveInclusion(from - 1, to, log.getTile(to))
        assert.deepEqual(hexes(inclusion), hexes(log.naive.inclusion(from - 1, to)))
      }
    }
  })

  it(`is that of RFC 6962 at random sizes to ${LARGEST}`, async () => {
    const log = tiledLog(LARGEST)
    const size = fc.integer({ min: EVERY_SIZE, max: LARGEST })
    await fc.assert(
      fc.asyncProperty(size, fc.nat(LARGEST), fc.nat(LARGEST), async (to, a, b) => {
        const [index, from] = [a % to, b % (to + 1)]
        const getTile = log.getTile(to)
        const [root, oldRoot] = [log.naive.root(to), log.naive.root(from)]
        const inclusion = await proveInclusion(index, to, getTile)
        assert.deepEqual(hexes(inclusion), hexes(log.naive.inclusion(index, to)))
        const leafHash = log.leaves[index]!
        assert.ok(verifyInclusion({ index, size: to, leafHash, root, proof: inclusion }))
        const proof = await proveConsistency(from, to, getTile)
        assert.deepEqual(hexes(proof), hexes(log.naive.consistency(from, to)))
        assert.ok(verifyConsistency({ from, oldRoot, to, newRoot: root, proof }))
      }),
      { numRuns: 60 },
    )
  })

  it('reads each tile once, and only tiles that a log of that size has', async () => {
    const log = tiledLog(70_000)
    const read: string[] = []
    const getTile: GetTile = (level, n, width) => {
      read.push(tilePath({ level, n, width }))
      return log.getTile(70_000)(level, n, width)
    }
    await proveInclusion(69_999, 70_000, getTile)
    assert.equal(new Set(read).size, read.length)
    assert.deepEqual(read.sort(), ['tile/0/273.p/112', 'tile/1/001.p/17', 'tile/2/000.p/1'])
  })

  it('is none for an entry or a log that isn’t there', async () => {
    const getTile = tiledLog(10).getTile(10)
    for (const [index, size] of pairs([10, 10, -1, 10, 0.5, 10, 0, 2 ** 53])) {
      await assert.rejects(proveInclusion(index, size, getTile), RangeError)
      await assert.rejects(proveConsistency(size + 1, size, getTile), RangeError)
    }
  })

  it('is none when a tile is missing or of another length', async () => {
    const getTile = tiledLog(300).getTile(300)
    const broken: GetTile[] = [
      async () => null,
      async (level, n, width) => (await getTile(level, n, width))!.subarray(1),
      async (level, n, width) => (await getTile(level, n, width))!.subarray(32),
      async () => new Uint8Array(8193),
    ]
    for (const bad of broken) {
      await assert.rejects(proveInclusion(299, 300, bad), MalformedError)
      await assert.rejects(proveConsistency(270, 300, bad), MalformedError)
    }
  })
})

const noise = createNoise(6962)

function someIndexes(size: number): Set<number> {
  const random = Array.from({ length: 4 }, () => Math.floor(noise() * size))
  return new Set([...CORNERS.filter((corner) => corner < size), size - 1, ...random])
}

/** Leaves, the definition, and the tiles of every size up to `most`: those cut from the widest. */
function tiledLog(most: number) {
  const distinct = naiveLeafHashes(Math.min(most, 1009))
  const leaves = Array.from({ length: most }, (_, index) => distinct[index % distinct.length]!)
  const tree = emptyTree()
  const tiles = new Map<string, Uint8Array>()
  const keep = ({ level, n, bytes }: { level: number; n: number; bytes: Uint8Array }) =>
    tiles.set(`${level}/${n}`, bytes)
  for (const leaf of leaves) appendLeaf(tree, leaf, keep)
  edgeTiles(tree).forEach(keep)
  const getTile =
    (size: number): GetTile =>
    async (level, n, width) => {
      const there = Math.min(256, Math.floor(size / 256 ** level) - n * 256)
      assert.equal(width, there, `tile ${level}/${n} of ${size}`)
      return tiles.get(`${level}/${n}`)?.subarray(0, width * 32) ?? null
    }
  return { leaves, naive: naiveTree(leaves), getTile }
}
