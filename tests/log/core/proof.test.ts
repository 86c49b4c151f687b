import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { MalformedError } from '../../../src/log/core/canonical.ts'
import { appendLeaf, edgeTiles, emptyTree } from '../../../src/log/core/tree/grow-tree.ts'
import { EMPTY_ROOT } from '../../../src/log/core/tree/hash-tree.ts'
import { proveConsistency } from '../../../src/log/core/tree/prove-consistency.ts'
import { proveInclusion } from '../../../src/log/core/tree/prove-inclusion.ts'
import type { GetTile } from '../../../src/log/core/tree/tile.ts'
import { tilePath } from '../../../src/log/core/tree/tile-path.ts'
import { verifyConsistency } from '../../../src/log/core/tree/verify-consistency.ts'
import { verifyInclusion } from '../../../src/log/core/tree/verify-inclusion.ts'
import { createNoise, fromBase64, hex, hexes, utf8 } from './support/bytes.ts'
import { naiveLeafHashes, naiveTree } from './support/naive-tree.ts'
import { CONSISTENCY, INCLUSION, RFC6962_ROOTS } from './vectors/merkle.ts'

const EVERY_SIZE = 600
const LARGEST = 1_000_000
/** Where tiles, and subtrees in them, begin and end. */
const CORNERS = [0, 1, 2, 3, 127, 128, 129, 254, 255, 256, 257, 258, 383, 384, 511, 512, 513, 599]

const rootOfVector = (size: number) => fromBase64(RFC6962_ROOTS[size - 1]!)
const garbage = [new Uint8Array(0), utf8('garbage'), new Uint8Array(31), new Uint8Array(33)]

describe('an inclusion proof of transparency-dev/merkle', () => {
  for (const vector of INCLUSION) {
    const { index, size } = vector
    const good = {
      ...{ index, size, root: rootOfVector(size) },
      leafHash: fromBase64(vector.leafHash),
      proof: vector.proof.map(fromBase64),
    }

    it(`of entry ${index} of ${size} is accepted`, () => {
      assert.equal(verifyInclusion(good), true)
    })

    it(`of entry ${index} of ${size} is refused with anything changed`, () => {
      for (const [name, bad] of changesOf(good)) assert.equal(verifyInclusion(bad), false, name)
    })
  }

  it('for an empty log or an empty hash is refused (inclusion/additional, single-entry)', () => {
    const some = fromBase64('q6yroAAAAAAAAAAAAAAAAAAAAAAAAAAAAGAGHgASNFY=')
    const none = new Uint8Array(0)
    const hashes = [EMPTY_ROOT, some, EMPTY_ROOT, none, none, some, none, none]
    for (const [index, size] of pairs([0, 0, 0, 1, 1, 0, 2, 1])) {
      for (const [root, leafHash] of pairs(hashes)) {
        assert.equal(verifyInclusion({ index, size, leafHash, root, proof: [] }), false)
      }
    }
    assert.equal(
      verifyInclusion({ index: 0, size: 1, leafHash: some, root: some, proof: [] }),
      true,
    )
  })

  type Claim = Parameters<typeof verifyInclusion>[0]
  function* changesOf(good: Claim): Iterable<[string, Claim]> {
    const { index, size, proof, root } = good
    yield ['index + 1', { ...good, index: index + 1 }]
    yield ['index - 1', { ...good, index: index - 1 }]
    yield ['index xor 2', { ...good, index: index ^ 2 }]
    yield ['size * 2', { ...good, size: size * 2 }]
    yield ['size / 2', { ...good, size: Math.floor(size / 2) }]
    yield ['another leaf', { ...good, leafHash: new Uint8Array(32).fill(9) }]
    yield ['an empty leaf', { ...good, leafHash: new Uint8Array(0) }]
    yield ['another root', { ...good, root: new Uint8Array(32).fill(9) }]
    yield ['an empty root', { ...good, root: new Uint8Array(0) }]
    yield ['the root of nothing', { ...good, root: EMPTY_ROOT }]
    for (const bad of changedProofs(proof, [root])) yield ['the proof', { ...good, proof: bad }]
    for (const bad of [-1, 0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY]) {
      yield [`index ${bad}`, { ...good, index: bad }]
      yield [`size ${bad}`, { ...good, size: bad }]
    }
  }
})

describe('a consistency proof of transparency-dev/merkle', () => {
  for (const vector of CONSISTENCY) {
    const { from, to } = vector
    const good = {
      ...{ from, to, oldRoot: rootOfVector(from), newRoot: rootOfVector(to) },
      proof: vector.proof.map(fromBase64),
    }

    it(`from ${from} to ${to} is accepted`, () => {
      assert.equal(verifyConsistency(good), true)
    })

    it(`from ${from} to ${to} is refused with anything changed`, () => {
      for (const [name, bad] of changesOf(good)) assert.equal(verifyConsistency(bad), false, name)
    })
  }

  it('from nothing, or between equal sizes, is empty (consistency/additional)', () => {
    const a = new Uint8Array(32).fill(1)
    const b = new Uint8Array(32).fill(2)
    const cases: [number, Uint8Array, number, Uint8Array, Uint8Array[], boolean][] = [
      [1, a, 1, a, [], true],
      [1, a, 1, b, [], false],
      [1, a, 1, a, [EMPTY_ROOT], false],
      [0, a, 0, a, [], false],
      [0, a, 0, b, [], false],
      [0, EMPTY_ROOT, 0, EMPTY_ROOT, [], true],
      [0, EMPTY_ROOT, 0, EMPTY_ROOT, [EMPTY_ROOT], false],
      [0, EMPTY_ROOT, 0, b, [], false],
      [0, EMPTY_ROOT, 1, EMPTY_ROOT, [EMPTY_ROOT], false],
      [0, a, 1, b, [], false],
      [1, a, 0, b, [], false],
      [2, a, 1, b, [], false],
      [1, a, 2, b, [], false],
      // c2sp.org/tlog-witness: the empty log is consistent with every other.
      [0, EMPTY_ROOT, 1, b, [], true],
      // merkle compares roots of any length here; ours are 32 bytes or refused.
      [1, utf8("don't care 2"), 1, utf8("don't care 2"), [], false],
    ]
    for (const [from, oldRoot, to, newRoot, proof, expected] of cases) {
      const claim = { from, oldRoot, to, newRoot, proof }
      assert.equal(verifyConsistency(claim), expected, JSON.stringify(claim))
    }
  })

  type Claim = Parameters<typeof verifyConsistency>[0]
  function* changesOf(good: Claim): Iterable<[string, Claim]> {
    const { from, to, oldRoot, newRoot, proof } = good
    yield ['from + 1', { ...good, from: from + 1 }]
    yield ['from - 1', { ...good, from: from - 1 }]
    yield ['from xor 2', { ...good, from: from ^ 2 }]
    yield ['to * 2', { ...good, to: to * 2 }]
    yield ['to / 2', { ...good, to: Math.floor(to / 2) }]
    yield ['another old root', { ...good, oldRoot: new Uint8Array(32).fill(9) }]
    yield ['another new root', { ...good, newRoot: new Uint8Array(32).fill(9) }]
    if (from < to) {
      yield ['swapped roots', { ...good, oldRoot: newRoot, newRoot: oldRoot }]
      yield ['an empty proof', { ...good, proof: [] }]
    }
    for (const bad of changedProofs(proof, [oldRoot, newRoot])) {
      yield ['the proof', { ...good, proof: bad }]
    }
    for (const bad of [-1, 0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY]) {
      yield [`from ${bad}`, { ...good, from: bad }]
      yield [`to ${bad}`, { ...good, to: bad }]
    }
  }
})

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

function pairs<T>(list: T[]): [T, T][] {
  return list.flatMap((item, at) => (at % 2 === 0 ? [[item, list[at + 1]!] as [T, T]] : []))
}

function* changedProofs(proof: Uint8Array[], roots: Uint8Array[]): Iterable<Uint8Array[]> {
  for (const extra of [...garbage, ...roots]) {
    yield [extra, ...proof]
    yield [...proof, extra]
  }
  for (const [at, hash] of proof.entries()) {
    yield [...proof.slice(0, at), ...proof.slice(at + 1)]
    yield [...proof.slice(0, at + 1), hash, ...proof.slice(at + 1)]
    for (let bit = 0; bit < 256; bit++) {
      const changed = new Uint8Array(hash)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      yield [...proof.slice(0, at), changed, ...proof.slice(at + 1)]
    }
  }
}

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

it('the naive tree is that of the vectors', () => {
  const { root } = naiveTree([])
  assert.equal(hex(root(0)), hex(EMPTY_ROOT))
})
