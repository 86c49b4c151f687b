import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'node:test'
import { createSteps } from '../../src/defence/work-steps.ts'
import { HOUR, MINUTE } from '../../src/platform/clock.ts'
import { createTestClock } from '../support/test-clock.ts'

const BOUNDS = { between: [4, 12, 24], period: HOUR } as const
const PLACES = 4000

describe('the work that a place is asked for', () => {
  const clock = createTestClock()
  const keyOf = (about: string) => createHmac('sha256', 'test').update(about).digest()
  const key = keyOf('steps')
  const node = () => createSteps({ key, clock })
  const places = Array.from({ length: PLACES }, (_, nth) => `host 4 203.0.${nth}.7`)

  it('is none for the first forms, rises twice, and is the same on all nodes', () => {
    const [here, there] = [node(), node()]
    for (const place of places.slice(0, 100)) {
      assert.equal(here(place, 3.9, BOUNDS), 0)
      for (const level of [5, 8, 11, 13, 18, 23]) {
        assert.equal(here(place, level, BOUNDS), there(place, level, BOUNDS))
      }
      assert.equal(here(place, 12, BOUNDS) >= 1, true)
      assert.equal(here(place, 24, BOUNDS), 2)
    }
  })

  it('does not fall before the hour ends: at a boundary nobody can be watched again and again', () => {
    const steps = node()
    for (const place of places.slice(0, 100)) {
      assert.equal(steps(place, 24, BOUNDS), 2)
      assert.equal(steps(place, 0, BOUNDS), 2)
    }
    clock.move(HOUR)
    for (const place of places.slice(0, 100)) assert.equal(steps(place, 0, BOUNDS), 0)
  })

  it('has other boundaries each hour', () => {
    const firstOf = (place: string) => {
      const steps = node()
      let level = 4
      while (steps(place, level, BOUNDS) === 0) level += 0.25
      return level
    }
    const before = places.slice(0, 50).map(firstOf)
    clock.move(HOUR)
    const after = places.slice(0, 50).map(firstOf)
    const same = before.filter((level, nth) => level === after[nth]).length
    assert.ok(same < 10, `${same} of 50`)
  })

  /**
   * Somebody in the same network sends a form after the other, looks at the work after each, and knows all but whether
   * one more form came from a neighbour. What they see is after how many of their own forms it rose: they guess by the
   * likelier of the two.
   */
  it('tells who sends forms beside a neighbour hardly more than chance does whether the neighbour sent one', () => {
    const seen = (extra: number, names: string[]) => {
      const counts = new Map<string, number>()
      for (const place of names) {
        const steps = node()
        const rises: number[] = []
        let before = 0
        for (let own = 1; own <= 25; own++) {
          const step = steps(place, own + extra, BOUNDS)
          if (step > before) rises.push(own)
          before = step
        }
        const name = rises.join(' ')
        counts.set(name, (counts.get(name) ?? 0) + 1)
      }
      return counts
    }
    const half = PLACES / 2
    const [without, withOne] = [seen(0, places.slice(0, half)), seen(1, places.slice(half))]
    const names = new Set([...without.keys(), ...withOne.keys()])
    let apart = 0
    for (const name of names) {
      apart += Math.abs((without.get(name) ?? 0) - (withOne.get(name) ?? 0)) / half / 2
    }
    const right = 0.5 + apart / 2
    // 60 % by the bounds, and some more by chance: a sample of many possible sights.
    assert.ok(right > 0.5 && right < 0.66, `${Math.round(right * 100)} % guessed`)
    clock.move(MINUTE)
  })
})
