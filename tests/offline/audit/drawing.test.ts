import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { MalformedError } from '../../../src/log/core/canonical.ts'
import { drawIndexes } from '../../../src/offline/audit/draw-indexes.ts'
import { boundOfBad } from '../../../src/offline/audit/judge-sample.ts'

const CHECKPOINT = 'log.example/petitions\n1000\nLXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=\n'

describe('the draw of a sample', () => {
  it('is what a few lines of Python make of the same rule', () => {
    assert.deepEqual(
      drawIndexes(CHECKPOINT, 'drand 4242', 10, 1000),
      [257, 432, 885, 484, 424, 994, 275, 103, 168, 690],
    )
  })

  it('passes over a number that would favour the first few (made in Python, too)', () => {
    assert.deepEqual(
      drawIndexes(CHECKPOINT, 'try 197', 4, 7_505_999_378_950_826),
      [1083244901932124, 3035026198883740, 1918177131313277, 1561007516924947],
    )
  })

  it('names the entries that it draws from', () => {
    const among = Array.from({ length: 1000 }, (_, at) => at * 3 + 1)
    assert.deepEqual(drawIndexes(CHECKPOINT, 'drand 4242', 3, among), [
      257 * 3 + 1,
      432 * 3 + 1,
      885 * 3 + 1,
    ])
  })

  it('is the beginning of a larger one, without repeats', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(400), fc.nat(400), (random, a, b) => {
        const [k, n] = [Math.min(a, b), Math.max(a, b)]
        const drawn = drawIndexes(CHECKPOINT, random, k, n)
        assert.equal(new Set(drawn).size, k)
        assert.ok(drawn.every((index) => Number.isInteger(index) && index >= 0 && index < n))
        assert.deepEqual(drawIndexes(CHECKPOINT, random, n, n).slice(0, k), drawn)
      }),
    )
  })

  it('takes all when all are wanted, and refuses to draw more', () => {
    const all = drawIndexes(CHECKPOINT, 'x', 500, 500)
    assert.deepEqual(
      all.sort((a, b) => a - b),
      Array.from({ length: 500 }, (_, index) => index),
    )
    assert.deepEqual(drawIndexes(CHECKPOINT, 'x', 0, 0), [])
    for (const k of [501, -1, 0.5, Number.NaN]) {
      assert.throws(() => drawIndexes(CHECKPOINT, 'x', k, 500), RangeError)
    }
  })

  it('is the same whatever lines a log adds to its checkpoint: none can be tried until it pleases', () => {
    const drawn = drawIndexes(CHECKPOINT, 'drand 4242', 10, 1000)
    for (const more of ['x\n', 'drand 4242\n', 'one\ntwo\n']) {
      assert.deepEqual(drawIndexes(CHECKPOINT + more, 'drand 4242', 10, 1000), drawn)
    }
  })

  it('is another for another checkpoint or random value, and none for what is no checkpoint', () => {
    const draw = (checkpoint: string, random: string) =>
      drawIndexes(checkpoint, random, 5, 1000).join()
    const draws = [
      draw(CHECKPOINT, 'a'),
      draw(CHECKPOINT, 'b'),
      draw(CHECKPOINT.replace('1000', '1001'), 'a'),
      draw(CHECKPOINT.replace('log.', 'lag.'), 'a'),
    ]
    assert.equal(new Set(draws).size, draws.length)
    for (const bad of ['', CHECKPOINT.slice(0, -1), `${CHECKPOINT}a`]) {
      assert.throws(() => drawIndexes(bad, 'a', 1, 10), MalformedError)
    }
  })

  it('favours no index: a chi-squared test on 30,000 draws', () => {
    const bins = 30
    const counts = new Array<number>(bins).fill(0)
    for (let round = 0; round < 3000; round++) {
      for (const index of drawIndexes(CHECKPOINT, `round ${round}`, 10, bins)) counts[index]!++
    }
    // Each of 3,000 rounds takes an index in with a chance of a third.
    const expected = 3000 / 3
    const variance = 3000 * (1 / 3) * (2 / 3)
    const chi = counts.reduce((sum, count) => sum + (count - expected) ** 2 / variance, 0)
    assert.ok(chi < 60, `${chi}`)
  })
})

describe('the bound of bad signatures', () => {
  it('is below 1 % when none of 300 is bad', () => {
    assert.ok(boundOfBad(300, 0) < 0.01)
    assert.ok(Math.abs(boundOfBad(300, 0) - (1 - 0.05 ** (1 / 300))) < 1e-12)
  })

  it('is the quantile of the beta distribution (made with scipy.stats.beta.ppf)', () => {
    const expected: [number, number, number, number][] = [
      [10, 0, 0.95, 0.2588655508930522],
      [10, 1, 0.95, 0.39416330243650466],
      [100, 5, 0.95, 0.1022533776432745],
      [300, 3, 0.95, 0.025641393082609616],
      [1000, 10, 0.99, 0.02004260590087893],
      [300, 299, 0.95, 0.9998290369678865],
      [5000, 50, 0.95, 0.012640571638739075],
    ]
    for (const [drawn, bad, confidence, bound] of expected) {
      const found = boundOfBad(drawn, bad, confidence)
      assert.ok(Math.abs(found - bound) < 1e-9, `${bad} of ${drawn}: ${found}`)
    }
  })

  it('falls with more draws, rises with more bad and more confidence', () => {
    const sample = fc.integer({ min: 1, max: 2000 })
    fc.assert(
      fc.property(sample, fc.nat(2000), (drawn, some) => {
        const bad = some % drawn
        const bound = boundOfBad(drawn, bad)
        assert.ok(bound > bad / drawn && bound <= 1)
        assert.ok(boundOfBad(drawn + 1, bad) <= bound)
        assert.ok(boundOfBad(drawn, bad + 1) >= bound)
        assert.ok(boundOfBad(drawn, bad, 0.99) >= bound)
      }),
    )
  })

  it('is everything when nothing was drawn, or all was bad', () => {
    assert.equal(boundOfBad(0, 0), 1)
    assert.equal(boundOfBad(7, 7), 1)
    assert.throws(() => boundOfBad(7, 8), RangeError)
    assert.throws(() => boundOfBad(7, -1), RangeError)
    for (const confidence of [0, 1, -1, Number.NaN]) {
      assert.throws(() => boundOfBad(7, 1, confidence), RangeError)
    }
  })
})
