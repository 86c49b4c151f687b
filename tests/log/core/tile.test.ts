import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { MalformedError } from '../../../src/log/core/canonical.ts'
import {
  listNewBundles,
  listNewTiles,
  listTiles,
  tileWidth,
} from '../../../src/log/core/tree/tile.ts'
import { bundlePath, parsePath, tilePath } from '../../../src/log/core/tree/tile-path.ts'

const paths = (from: number, to: number) => listNewTiles(from, to).map(tilePath)
const FULL = 256

describe('the path of a tile', () => {
  it('is spelt as in c2sp.org/tlog-tiles', () => {
    assert.equal(tilePath({ level: 0, n: 1234067, width: FULL }), 'tile/0/x001/x234/067')
    assert.equal(tilePath({ level: 0, n: 0, width: 112 }), 'tile/0/000.p/112')
    assert.equal(bundlePath({ n: 1234067, width: 1 }), 'tile/entries/x001/x234/067.p/1')
  })

  it('is spelt as in tessera’s api/layout/paths_test.go and Go’s sumdb/tlog/tlog_test.go', () => {
    const tiles: [string, number, number, number][] = [
      ['tile/0/000', 0, 0, FULL],
      ['tile/0/000.p/255', 0, 0, 255],
      ['tile/1/000', 1, 0, FULL],
      ['tile/15/x455/667', 15, 455667, FULL],
      ['tile/15/x123/x456/789.p/41', 15, 123456789, 41],
      ['tile/0/x001/x234/067.p/89', 0, 1234067, 89],
      ['tile/0/001.p/5', 0, 1, 5],
      ['tile/5/x123/x456/078', 5, 123456078, FULL],
      ['tile/5/x123/x456/078.p/2', 5, 123456078, 2],
    ]
    for (const [path, level, n, width] of tiles) {
      assert.equal(tilePath({ level, n, width }), path)
      assert.deepEqual(parsePath(path), { kind: 'tile', level, n, width })
    }
    const bundles: [string, number, number][] = [
      ['tile/entries/000', 0, FULL],
      ['tile/entries/000.p/8', 0, 8],
      ['tile/entries/255', 255, FULL],
      ['tile/entries/255.p/253', 255, 253],
      ['tile/entries/x123/x456/789', 123456789, FULL],
      ['tile/entries/x003/x057/500', 3057500, FULL],
    ]
    for (const [path, n, width] of bundles) {
      assert.equal(bundlePath({ n, width }), path)
      assert.deepEqual(parsePath(path), { kind: 'entries', n, width })
    }
  })

  it('reads back as what it was made from', () => {
    const n = fc.oneof(fc.nat(2000), fc.maxSafeNat())
    fc.assert(
      fc.property(fc.nat(63), n, fc.integer({ min: 1, max: FULL }), (level, number, width) => {
        const place = { level, n: number, width }
        assert.deepEqual(parsePath(tilePath(place)), { kind: 'tile', ...place })
        const bundle = { n: number, width }
        assert.deepEqual(parsePath(bundlePath(bundle)), { kind: 'entries', ...bundle })
      }),
    )
  })

  const refused = [
    ...['', 'tile', 'tile/', 'tile/0', 'tile/0/', '/tile/0/000', 'tile/0/000/', 'tile//000'],
    ...[
      'tile/64/000',
      'tile/-1/000',
      'tile/00/000',
      'tile/01/000',
      'tile/abc/000',
      'tile/data/000',
    ],
    ...['tile/0/0', 'tile/0/00', 'tile/0/0000', 'tile/0/x000', 'tile/0/x000/001', 'tile/0/x001'],
    ...['tile/0/001/002', 'tile/0/x001/x234/', 'tile/0/x001/0002', 'tile/0/x001/-02'],
    ...['tile/0/000.p', 'tile/0/000.p/', 'tile/0/000.p/0', 'tile/0/000.p/256', 'tile/0/000.p/01'],
    ...['tile/0/000.p/1/', 'tile/0/000.p/1\n', 'tile/0/000\n', 'tile/0/000.p/+1', 'tile/0/٠٠٠'],
    ...['tile/0/x001/.p/abc', 'tile/5/123/456/078', 'tile/0/000.p/999', 'TILE/0/000'],
    // tessera reads these as numbers of 64 bits; here numbers end at 2^53 − 1.
    ...['tile/63/x999/x999/x999/x999/x999/999', 'tile/63/x999/x999/x999/x999/x999/x999/999'],
    ...['tile/0/x009/x007/x199/x254/x740/992'],
  ]
  it('is refused in any other spelling', () => {
    for (const path of refused) assert.throws(() => parsePath(path), MalformedError, path)
  })

  it('is made for no tile that can’t be', () => {
    const bad = [
      { level: 64, n: 0, width: 1 },
      { level: -1, n: 0, width: 1 },
      { level: 0.5, n: 0, width: 1 },
      { level: 0, n: -1, width: 1 },
      { level: 0, n: 2 ** 53, width: 1 },
      { level: 0, n: 0, width: 0 },
      { level: 0, n: 0, width: 257 },
      { level: 0, n: 0, width: Number.NaN },
    ]
    for (const place of bad) assert.throws(() => tilePath(place), RangeError, JSON.stringify(place))
  })
})

describe('the tiles of a log', () => {
  it('are those of the examples in c2sp.org/tlog-tiles', () => {
    const seventyThousand = listTiles(70_000)
    const count = (level: number, width: number) =>
      seventyThousand.filter((tile) => tile.level === level && tile.width === width).length
    assert.equal(seventyThousand.length, 273 + 1 + 1 + 1 + 1)
    assert.equal(count(0, FULL), 273)
    assert.equal(count(0, 112), 1)
    assert.equal(count(1, FULL), 1)
    assert.equal(count(1, 17), 1)
    assert.equal(count(2, 1), 1)
    assert.deepEqual(paths(0, 256), ['tile/0/000', 'tile/1/000.p/1'])
    assert.deepEqual(paths(0, 0), [])
  })

  it('that a growing log writes are new or wider at the edge', () => {
    assert.deepEqual(paths(255, 256), ['tile/0/000', 'tile/1/000.p/1'])
    assert.deepEqual(paths(256, 257), ['tile/0/001.p/1'])
    assert.deepEqual(paths(250, 520), [
      ...['tile/0/000', 'tile/0/001', 'tile/0/002.p/8'],
      'tile/1/000.p/2',
    ])
    assert.deepEqual(paths(65_535, 65_536), ['tile/0/255', 'tile/1/000', 'tile/2/000.p/1'])
    assert.deepEqual(paths(7, 7), [])
    assert.deepEqual(listNewBundles(250, 257), [
      { n: 0, width: FULL },
      { n: 1, width: 1 },
    ])
  })

  it('are exactly the new ones when it grows from any size to any other', () => {
    const size = fc.oneof(fc.nat(1500), fc.nat(300_000))
    fc.assert(
      fc.property(size, size, (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)]
        const before = new Set(paths(0, from))
        assert.deepEqual(
          paths(from, to),
          paths(0, to).filter((path) => !before.has(path)),
        )
      }),
      { numRuns: 60 },
    )
  })

  it('are as wide as the definition says, and 0 where there is none', () => {
    const size = fc.oneof(fc.nat(1500), fc.nat(300_000), fc.maxSafeNat())
    fc.assert(
      fc.property(size, fc.nat(3), fc.nat(1200), (logSize, level, n) => {
        const hashes = BigInt(logSize) / 256n ** BigInt(level) - BigInt(n) * 256n
        const expected = hashes < 0n ? 0n : hashes > 256n ? 256n : hashes
        assert.equal(tileWidth(logSize, level, n), Number(expected))
      }),
      { numRuns: 1000 },
    )
  })

  it('are none for a log that shrinks or has no size', () => {
    assert.throws(() => listNewTiles(2, 1), RangeError)
    for (const size of [-1, 0.5, Number.NaN, 2 ** 53]) {
      assert.throws(() => listTiles(size), RangeError)
    }
  })
})
