import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { foldSmallCells, OTHER, SMALL_CELL } from '../../src/count/read-counts.ts'
import { sumRows } from '../../src/count/write-counts.ts'

const rows = (cells: Record<string, number>) =>
  Object.entries(cells).map(([key, signatures]) => ({ key, signatures }))

test('the lone signer in a country is not shown', () => {
  assert.deepEqual(
    foldSmallCells(rows({ AZ: 20, DE: 9, FR: 4, GE: 3, LI: 1 })),
    rows({ AZ: 20, DE: 9, [OTHER]: 8 }),
  )
})

test('one small country takes the next larger with it, else the total would tell it', () => {
  assert.deepEqual(foldSmallCells(rows({ AZ: 20, DE: 9, LI: 1 })), rows({ AZ: 20, [OTHER]: 10 }))
})

test('five signatures are enough to be shown', () => {
  assert.deepEqual(foldSmallCells(rows({ AZ: SMALL_CELL })), rows({ AZ: SMALL_CELL }))
})

test('a petition that few have signed shows only how many', () => {
  assert.deepEqual(foldSmallCells(rows({ AZ: 1, DE: 2 })), rows({ [OTHER]: 3 }))
})

test('whatever is folded, the sum stays and no small cell is left but the whole', () => {
  const cell = fc.record({
    key: fc.stringMatching(/^[A-Z]{2}$/),
    signatures: fc.integer({ min: 1, max: 30 }),
  })
  fc.assert(
    fc.property(fc.uniqueArray(cell, { selector: (row) => row.key }), (all) => {
      const shown = foldSmallCells(all)
      assert.equal(sumRows(shown), sumRows(all))
      const small = shown.filter((row) => row.signatures < SMALL_CELL)
      assert.ok(small.length === 0 || (shown.length === 1 && shown[0]!.key === OTHER))
    }),
  )
})
