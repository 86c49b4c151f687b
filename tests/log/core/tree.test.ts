import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { MalformedError } from '../../../src/log/core/canonical.ts'
import {
  appendLeaf,
  appendLeaves,
  edgeTiles,
  emptyTree,
  rootOf,
} from '../../../src/log/core/tree/grow-tree.ts'
import {
  EMPTY_ROOT,
  hashLeaf,
  hashNode,
  rootOfHashes,
} from '../../../src/log/core/tree/hash-tree.ts'
import { resumeTree } from '../../../src/log/core/tree/resume-tree.ts'
import { listTiles, tileWidth } from '../../../src/log/core/tree/tile.ts'
import { tilePath } from '../../../src/log/core/tree/tile-path.ts'
import { fromBase64, hex, hexes, utf8 } from './support/bytes.ts'
import { naiveLeafHashes, naiveTree } from './support/naive-tree.ts'
import { RFC6962_LEAVES, RFC6962_ROOTS } from './vectors/merkle.ts'
import { TESSERA_ENTRIES, TESSERA_ROOTS, TESSERA_TILE } from './vectors/tessera.ts'

const EVERY_SIZE = 600
const LARGEST = 1_000_000

describe('the hashes of the tree', () => {
  it('are those of transparency-dev/merkle, rfc6962_test.go', () => {
    assert.equal(
      hex(EMPTY_ROOT),
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    )
    assert.equal(
      hex(hashLeaf(utf8(''))),
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    )
    assert.equal(
      hex(hashLeaf(utf8('L123456'))),
      '395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56',
    )
  })

  it('take an entry of any length', () => {
    for (const length of [1, 63, 1023, 1024, 1025, 65_535]) {
      const entry = new Uint8Array(length).fill(length)
      const { root } = naiveTree([])
      assert.notEqual(hex(hashLeaf(entry)), hex(root(0)))
      assert.equal(hex(hashLeaf(entry)), hex(hashLeaf(Buffer.from(entry))))
    }
  })

  it('of a leaf never equals that of a node', () => {
    const [left, right] = [hashLeaf(utf8('Hello')), hashLeaf(utf8('World'))]
    const both = new Uint8Array([...left, ...right])
    assert.notEqual(hex(hashNode(left, right)), hex(hashLeaf(both)))
    assert.notEqual(hex(hashNode(left, right)), hex(hashNode(right, left)))
  })

  it('refuse what is not 32 bytes', () => {
    const good = new Uint8Array(32)
    for (const length of [0, 1, 31, 33, 64]) {
      const bad = new Uint8Array(length)
      assert.throws(() => hashNode(good, bad), MalformedError)
      assert.throws(() => hashNode(bad, good), MalformedError)
      assert.throws(() => appendLeaf(emptyTree(), bad), MalformedError)
    }
    assert.throws(() => rootOfHashes(new Uint8Array(40), 0, 2), MalformedError)
  })

  it('are unchanged by a leaf that was refused', () => {
    const tree = emptyTree()
    appendLeaves(tree, naiveLeafHashes(3))
    const before = hex(rootOf(tree))
    assert.throws(() => appendLeaf(tree, new Uint8Array(31)), MalformedError)
    assert.equal(hex(rootOf(tree)), before)
    assert.equal(tree.size, 3)
  })
})

describe('a growing tree', () => {
  it('has the roots of transparency-dev/merkle for its eight leaves', () => {
    const tree = emptyTree()
    for (const [index, leaf] of RFC6962_LEAVES.entries()) {
      appendLeaf(tree, hashLeaf(leaf))
      assert.equal(hex(rootOf(tree)), hex(fromBase64(RFC6962_ROOTS[index]!)), `size ${index + 1}`)
    }
  })

  it('has the roots and the tile of tessera’s testdata/log', () => {
    const tree = emptyTree()
    const roots = [hex(rootOf(tree))]
    for (const entry of TESSERA_ENTRIES) {
      appendLeaf(tree, hashLeaf(utf8(entry)))
      roots.push(hex(rootOf(tree)))
    }
    assert.deepEqual(
      roots,
      TESSERA_ROOTS.map((root) => hex(fromBase64(root))),
    )
    assert.deepEqual(edgeTiles(tree).map(tilePath), ['tile/0/000.p/15'])
    assert.equal(hex(edgeTiles(tree)[0]!.bytes), TESSERA_TILE.join(''))
  })

  it(`has the root and the tiles of the definition at every size to ${EVERY_SIZE}`, () => {
    const leaves = naiveLeafHashes(EVERY_SIZE)
    const naive = naiveTree(leaves)
    const tree = emptyTree()
    const files = new Map<string, Uint8Array>()
    for (let size = 0; size <= EVERY_SIZE; size++) {
      assert.equal(hex(rootOf(tree)), hex(naive.root(size)), `root of ${size}`)
      for (const tile of edgeTiles(tree)) files.set(tilePath(tile), tile.bytes)
      for (const { level, n, width } of listTiles(size)) {
        const span = 256 ** level
        const hashes = Array.from({ length: width }, (_, at) => {
          const start = (n * 256 + at) * span
          return naive.rangeRoot(start, start + span)
        })
        const bytes = files.get(tilePath({ level, n, width }))
        assert.equal(bytes && hex(bytes), hexes(hashes).join(''), tilePath({ level, n, width }))
      }
      if (size < EVERY_SIZE) {
        appendLeaf(tree, leaves[size]!, (tile) => files.set(tilePath(tile), tile.bytes))
      }
    }
  })

  it('gives a batch the tiles that are new, and no others', () => {
    const leaves = naiveLeafHashes(3000)
    fc.assert(
      fc.property(fc.array(fc.nat(700), { maxLength: 6 }), (batches) => {
        const tree = emptyTree()
        const files = new Map<string, string>()
        for (const batch of batches) {
          const tiles = appendLeaves(tree, leaves.slice(tree.size, tree.size + batch))
          for (const tile of tiles) {
            assert.ok(!files.has(tilePath(tile)), `${tilePath(tile)} was written before`)
            assert.equal(tile.width, tileWidth(tree.size, tile.level, tile.n))
            files.set(tilePath(tile), hex(tile.bytes))
          }
          for (const place of listTiles(tree.size)) assert.ok(files.has(tilePath(place)))
        }
      }),
      { numRuns: 50 },
    )
  })

  it('keeps its hashes when the caller writes over a leaf’s', () => {
    const [first, second] = naiveLeafHashes(2)
    const tree = emptyTree()
    const scratch = new Uint8Array(32)
    for (const leaf of [first!, second!]) {
      scratch.set(leaf)
      appendLeaf(tree, scratch)
    }
    scratch.fill(0)
    assert.equal(hex(rootOf(tree)), hex(naiveTree([first!, second!]).root(2)))
    assert.equal(hex(edgeTiles(tree)[0]!.bytes), hexes([first!, second!]).join(''))
  })

  it('goes on from its tiles as if it had never stopped', async () => {
    const leaves = naiveLeafHashes(70_000)
    const naive = naiveTree(leaves)
    const files = new Map<string, Uint8Array>()
    const getTile = async (level: number, n: number, width: number) =>
      files.get(tilePath({ level, n, width })) ?? null
    let tree = emptyTree()
    const stops = [0, 1, 2, 255, 256, 257, 511, 512, 600, 65_535, 65_536, 65_537, 65_792, 70_000]
    for (const stop of stops) {
      for (const tile of appendLeaves(tree, leaves.slice(tree.size, stop))) {
        files.set(tilePath(tile), tile.bytes)
      }
      const resumed = await resumeTree(stop, getTile)
      assert.equal(hex(rootOf(resumed)), hex(naive.root(stop)), `${stop}`)
      assert.deepEqual(
        edgeTiles(resumed).map(({ bytes, ...place }) => [place, hex(bytes)]),
        edgeTiles(tree).map(({ bytes, ...place }) => [place, hex(bytes)]),
      )
      tree = resumed
    }
    files.delete('tile/1/001.p/17')
    await assert.rejects(resumeTree(70_000, getTile), MalformedError)
    files.set('tile/1/001.p/17', new Uint8Array(17 * 32 + 1))
    await assert.rejects(resumeTree(70_000, getTile), MalformedError)
  })

  it(`has the root of the definition at random sizes to ${LARGEST}`, () => {
    const leaves = naiveLeafHashes(1000)
    const naive = naiveTree(Array.from({ length: LARGEST }, (_, index) => leaves[index % 1000]!))
    const sizes = new Set(fc.sample(fc.integer({ min: EVERY_SIZE, max: LARGEST }), 20))
    for (const size of [65_535, 65_536, 65_537, 2 ** 19, LARGEST]) sizes.add(size)
    const tree = emptyTree()
    for (const size of [...sizes].sort((a, b) => a - b)) {
      while (tree.size < size) appendLeaf(tree, leaves[tree.size % 1000]!)
      assert.equal(hex(rootOf(tree)), hex(naive.root(size)), `${size}`)
    }
  })

  it('holds a few kilobytes, whatever its size', () => {
    const tree = emptyTree()
    const leaf = hashLeaf(utf8('x'))
    for (let size = 0; size < 200_000; size++) appendLeaf(tree, leaf)
    assert.equal(tree.edges.length, 3)
    assert.ok(tree.peaks.length <= 18)
  })
})
