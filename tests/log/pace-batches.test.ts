import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { paceBatches } from '../../src/log/sequencing/pace-batches.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/platform/clock.ts'
import { createTestClock } from '../support/test-clock.ts'

/** One database, several nodes that look once a second, each by its own clock. */
function startNodes(offsets: number[]) {
  let takenAt: Date | null = null
  let elapsed = 0
  const batches: number[] = []
  const told: number[] = []
  const nodes = offsets.map((offset) => {
    const clock = createTestClock()
    clock.set(offset)
    return { clock, isDue: paceBatches(clock, MINUTE, (apart) => told.push(apart)) }
  })
  return {
    clocks: nodes.map(({ clock }) => clock),
    told,
    /** @returns the seconds between batches */
    pass(milliseconds: number): number[] {
      const before = batches.length
      for (const end = elapsed + milliseconds; elapsed < end; elapsed += SECOND) {
        for (const { clock, isDue } of nodes) {
          clock.move(SECOND)
          if (!isDue(takenAt)) continue
          batches.push(elapsed)
          takenAt = clock.now()
        }
      }
      const from = Math.max(1, before)
      return batches.slice(from).map((at, i) => (at - batches[from + i - 1]!) / SECOND)
    },
  }
}

describe('batches of the log', () => {
  it('come with each full minute of the clock, on one node or several', () => {
    for (const offsets of [[0], [0, 200], [0, -3000, 2000]]) {
      const { pass, told } = startNodes(offsets)
      pass(5 * MINUTE)
      const apart = pass(10 * MINUTE)
      assert.ok(apart.length >= 9 && apart.length <= 11, `${apart}`)
      assert.ok(
        apart.every((seconds) => seconds >= 55),
        `${offsets}: ${apart}`,
      )
      assert.deepEqual(told, [])
    }
  })

  for (const [what, by] of [
    ['back by a day', -DAY],
    ['back by an hour', -HOUR],
    ['back by ten seconds', -10 * SECOND],
    ['forward by a day', DAY],
  ] as const) {
    it(`go on within two minutes of a clock that is set ${what}, none in a row`, () => {
      const { clocks, pass } = startNodes([0, 300])
      pass(5 * MINUTE)
      for (const clock of clocks) clock.set(by)
      const apart = pass(10 * MINUTE)
      assert.ok(apart.length >= 9 && apart.length <= 11, `${apart}`)
      assert.ok(
        apart.every((seconds) => seconds <= 120),
        `${apart}`,
      )
      assert.ok(apart.filter((seconds) => seconds < 30).length <= 1, `${apart}`)
    })
  }

  it('go on after a start with a clock that is behind the last batch', () => {
    const clock = createTestClock()
    const told: number[] = []
    const isDue = paceBatches(clock, MINUTE, (apart) => told.push(apart))
    const taken = new Date(clock.now().getTime() + DAY)
    assert.equal(isDue(taken), false)
    clock.move(MINUTE)
    assert.equal(isDue(taken), true)
    assert.deepEqual(told, [-DAY])
  })

  it('come at most twice a minute from two nodes whose clocks are a day apart, and somebody is told', () => {
    const { pass, told } = startNodes([0, DAY])
    pass(5 * MINUTE)
    const apart = pass(20 * MINUTE)
    assert.ok(apart.length >= 19 && apart.length <= 41, `${apart}`)
    assert.ok(told.length > 0)
  })
})
