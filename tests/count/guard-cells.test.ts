import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  advanceCell,
  advanceLink,
  type CellState,
  drawForCell,
  stepDown,
  UNSEEN_CELL,
} from '../../src/count/guard-cells.ts'
import { publicCells } from '../../src/count/public-figures.ts'
import { OTHER } from '../../src/count/read-counts.ts'

const KEY = Buffer.alloc(32, 'test')
const drawFor = (petitionId: number, cell = 'AZ') => drawForCell(KEY, petitionId, 'country', cell)

/** The states of a cell in which the counts were found one after another. */
function follow(petitionId: number, counts: number[]): CellState[] {
  let state = UNSEEN_CELL
  return counts.map((count) => {
    state = advanceCell(drawFor(petitionId), state, count)
    return state
  })
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
const petition = fc.nat()
const additions = fc
  .array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 60 })
  .map((added) => added.map((_, index) => added.slice(0, index + 1).reduce((a, b) => a + b)))

test('a cell is first shown, as 10, with 10 to 20 signatures: with how many, only the key knows', () => {
  const thresholds = upTo(2000).map(
    (petitionId) => 1 + follow(petitionId, upTo(20)).findIndex(({ shown }) => shown > 0),
  )
  assert.deepEqual([...new Set(thresholds)].sort(), upTo(20).slice(9))
  const others = upTo(2000).map((petitionId) => {
    const draw = drawForCell(Buffer.alloc(32, 'other'), petitionId, 'country', 'AZ')
    return advanceCell(draw, UNSEEN_CELL, 20).reference
  })
  assert.notDeepEqual(others, thresholds)
})

test('every petition, breakdown, cell and change has draws of its own', () => {
  const draws = [
    drawFor(1)(0, 'rise'),
    drawFor(1)(0, 'fall'),
    drawFor(1)(1, 'rise'),
    drawFor(2)(0, 'rise'),
    drawFor(1, 'BY')(0, 'rise'),
    drawForCell(KEY, 1, 'language', 'AZ')(0, 'rise'),
  ]
  assert.equal(new Set(draws).size, draws.length)
  assert.equal(drawFor(1)(0, 'rise'), draws[0])
})

test('while signatures only come in, the figure only rises, in the same places in whatever batches', () => {
  fc.assert(
    fc.property(petition, additions, (petitionId, counts) => {
      const states = follow(petitionId, counts)
      for (const [index, { shown, reference }] of states.entries()) {
        assert.ok(shown <= reference && reference <= counts[index]!)
        assert.ok(shown >= (states[index - 1]?.shown ?? 0))
      }
      const last = counts.at(-1)!
      assert.deepEqual(follow(petitionId, [last]).at(-1), states.at(-1))
      const slowly = follow(petitionId, [0, ...upTo(last)])
      assert.deepEqual(slowly.at(-1), states.at(-1))
      assert.equal(new Set(slowly.map(({ shown }) => shown)).size, slowly.at(-1)!.changes + 1)
    }),
  )
})

test('a figure stays until a whole step has been withdrawn, and one signature more brings no fall back', () => {
  fc.assert(
    fc.property(
      petition,
      fc.integer({ min: 20, max: 5000 }),
      fc.nat(),
      (petitionId, most, part) => {
        const before = follow(petitionId, [most]).at(-1)!
        const less = most - (part % stepDown(before.shown))
        assert.deepEqual(follow(petitionId, [most, less]).at(-1), before)
      },
    ),
  )
})

test('withdrawn one by one or at once, the same figures fall; those that remain are shown before', () => {
  fc.assert(
    fc.property(petition, fc.nat({ max: 400 }), fc.nat({ max: 400 }), (petitionId, most, fewer) => {
      const down = upTo(most)
        .map((step) => most - step)
        .filter((count) => count >= fewer)
      const slowly = follow(petitionId, [most, ...down]).at(-1)
      assert.deepEqual(follow(petitionId, [most, Math.min(most, fewer)]).at(-1), slowly)
      const shownOnTheWay = new Set(follow(petitionId, upTo(most)).map(({ shown }) => shown))
      assert.ok(slowly!.shown === 0 || shownOnTheWay.has(slowly!.shown))
    }),
  )
})

test('a cell that joined `other` is never shown anew with fewer than ten signatures', () => {
  fc.assert(
    fc.property(
      petition,
      fc.array(fc.nat({ max: 45 }), { maxLength: 200 }),
      (petitionId, counts) => {
        const states = follow(petitionId, counts)
        for (const [index, { shown }] of states.entries()) {
          if (shown > 0 && (states[index - 1]?.shown ?? 0) === 0) assert.ok(counts[index]! >= 10)
        }
      },
    ),
  )
})

test('large cells are shown near the truth', (t) => {
  const least = { 100: 0.45, 1000: 0.8, 10000: 0.92, 1000000: 0.98 }
  for (const [size, share] of Object.entries(least)) {
    const shares = upTo(200).map(
      (petitionId) => follow(petitionId, [Number(size)])[0]!.shown / Number(size),
    )
    const mean = shares.reduce((sum, each) => sum + each) / shares.length
    t.diagnostic(`${size}: ${mean.toFixed(2)} on average, at least ${Math.min(...shares)}`)
    assert.ok(mean >= share, size)
  }
})

test('the rows add up to the total, whatever was withdrawn', () => {
  const cell = fc.record({
    key: fc.constantFrom('AZ', 'BY', 'DE', 'GE', 'RU', 'UA'),
    shown: fc.constantFrom(0, 10, 15, 20, 50, 125),
  })
  const cells = fc.uniqueArray(cell, { selector: ({ key }) => key })
  fc.assert(
    fc.property(fc.nat({ max: 400 }), cells, (total, given) => {
      const rows = publicCells(total, given)
      assert.equal(
        rows.reduce((sum, { signatures }) => sum + signatures, 0),
        total,
      )
      assert.ok(rows.every(({ signatures }) => signatures > 0))
      const shown = rows.filter(({ key }) => key !== OTHER)
      for (const { key, signatures } of shown) {
        assert.equal(given.find((each) => each.key === key)!.shown, signatures)
      }
      // Only the smallest are left out.
      const hidden = given.filter(({ key }) => !shown.some((row) => row.key === key))
      const smallest = Math.min(...shown.map(({ signatures }) => signatures))
      assert.ok(hidden.every((each) => each.shown <= smallest))
    }),
  )
})

test('the public list is in order of size, then of key, and ends with the rest', () => {
  const cells = [
    { key: 'BY', shown: 10 },
    { key: 'LI', shown: 0 },
    { key: 'DE', shown: 25 },
    { key: 'AZ', shown: 10 },
  ]
  const list = (total: number) => publicCells(total, cells).map((row) => Object.values(row))
  assert.deepEqual(list(60), [
    ['DE', 25],
    ['AZ', 10],
    ['BY', 10],
    [OTHER, 15],
  ])
  assert.deepEqual(list(45), [
    ['DE', 25],
    ['AZ', 10],
    ['BY', 10],
  ])
  assert.deepEqual(list(44), [
    ['DE', 25],
    ['AZ', 10],
    [OTHER, 9],
  ])
  assert.deepEqual(publicCells(0, cells), [])
})

test('what a link brought is first shown, as 5, from 5 on, never falls, and is near the truth where that is large', () => {
  const draw = (petitionId: number) => drawForCell(KEY, petitionId, 'ref', 'code')
  const thresholds = upTo(2000).map(
    (petitionId) =>
      upTo(200).find((count) => advanceLink(draw(petitionId), UNSEEN_CELL, count).shown === 5)!,
  )
  assert.deepEqual([Math.min(...thresholds), thresholds.some((each) => each > 20)], [5, true])
  const raised = advanceLink(draw(1), UNSEEN_CELL, 1000)
  assert.deepEqual(advanceLink(draw(1), raised, 0), raised)
  assert.ok(raised.shown > 700 && raised.shown <= 1000, `${raised.shown}`)
})
