import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { raiseGoal } from '../../src/petition/petition.ts'

const goals = fc
  .uniqueArray(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 8 })
  .map((steps) => steps.sort((a, b) => a - b))
const counted = fc.oneof(fc.nat(2000), fc.nat(2e9))

describe('the goal', () => {
  const examples: [number, number][] = [
    [0, 100],
    [89, 100],
    [90, 500],
    [449, 500],
    [450, 1000],
    [899, 1000],
    [900, 2000],
    [1799, 2000],
    [1800, 4000],
    [10_000_000, 16_384_000],
  ]
  for (const [signatures, goal] of examples) {
    it(`of 100, 500, 1000 is ${goal} at ${signatures} signatures`, () => {
      assert.equal(raiseGoal([100, 500, 1000], signatures), goal)
    })
  }

  it('is always out of reach by more than a tenth, so that the line is never full', () => {
    fc.assert(
      fc.property(goals, counted, (steps, count) =>
        assert.ok(count < raiseGoal(steps, count) * 0.9),
      ),
    )
  })

  it('never falls while the count rises', () => {
    fc.assert(
      fc.property(goals, counted, fc.nat(1e6), (steps, count, more) => {
        assert.ok(raiseGoal(steps, count + more) >= raiseGoal(steps, count))
      }),
    )
  })

  it('is the organisers’ as long as one of theirs is ahead, and the nearest such', () => {
    fc.assert(
      fc.property(goals, counted, (steps, count) => {
        const ahead = steps.filter((goal) => count < goal * 0.9)
        if (ahead.length > 0) assert.equal(raiseGoal(steps, count), ahead[0])
        else assert.equal(Math.log2(raiseGoal(steps, count) / steps.at(-1)!) % 1, 0)
      }),
    )
  })
})
