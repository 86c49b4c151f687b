import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY, HOUR } from '../../src/platform/clock.ts'
import { findAnomalies, type HourOfTrait } from '../../src/scrutiny/find-anomalies.ts'

const NOW = Date.parse('2024-03-11T12:00Z')

/** Hours before NOW, the newest first, each with its forms by value. */
function hoursOf(trait: string, hours: Record<string, number>[]): HourOfTrait[] {
  return hours.flatMap((values, nth) => {
    const hour = NOW - (nth + 1) * HOUR
    const all = Object.values(values).reduce((sum, forms) => sum + forms, 0)
    return [
      { hour, trait: 'forms', value: 'all', forms: all },
      ...Object.entries(values).map(([value, forms]) => ({ hour, trait, value, forms })),
    ]
  })
}

const calm = (length: number) =>
  Array.from({ length }, (_, nth) => ({ chrome: 60 + (nth % 5), firefox: 10 + (nth % 3) }))

describe('what the newest forms have in common more than before', () => {
  it('is told with its numbers: seen, expected, all, and a usual hour’s', () => {
    const found = findAnomalies(hoursOf('client', [{ chrome: 60, firefox: 80 }, ...calm(30)]), NOW)
    assert.deepEqual(
      found.map(({ trait, value }) => [trait, value]),
      [['client', 'firefox']],
    )
    const { window, seen, expected, forms, usualForms, score } = found[0]!.figures
    assert.deepEqual([window, seen, forms], ['hour', 80, 140])
    assert.ok(expected > 20 && expected < 22)
    assert.ok(usualForms > 70 && usualForms < 76)
    assert.ok(score > 5)
  })

  it('is nothing while the shares are the usual ones, however many come', () => {
    assert.deepEqual(findAnomalies(hoursOf('client', calm(40)), NOW), [])
    const rush = { chrome: 6000, firefox: 1000 }
    assert.deepEqual(findAnomalies(hoursOf('client', [rush, ...calm(40)]), NOW), [])
  })

  it('takes more in a petition whose shares have always varied', () => {
    const waves = Array.from({ length: 60 }, (_, nth) =>
      nth % 6 === 0 ? { PL: 90, DE: 10 } : { PL: 4, DE: 60 },
    )
    assert.deepEqual(findAnomalies(hoursOf('country', [{ PL: 60, DE: 20 }, ...waves]), NOW), [])
    const steady = Array.from({ length: 60 }, () => ({ PL: 4, DE: 60 }))
    const [found] = findAnomalies(hoursOf('country', [{ PL: 60, DE: 20 }, ...steady]), NOW)
    assert.equal(found?.value, 'PL')
  })

  describe('though the past is not even', () => {
    /** Of thirteen days with 20 forms an hour, `shared` of them at each moment. */
    const days = (shared: (hoursAgo: number) => number, more: (hoursAgo: number) => number) =>
      Array.from({ length: 13 * 24 }, (_, nth) => {
        const all = 20 + more(nth)
        return { alone: all - shared(nth) - more(nth), shared: shared(nth) + more(nth) }
      })
    const farm = (hoursAgo: number) => (hoursAgo < 24 ? 10 : 0)
    const within = (hoursAgo: number, from: number, hours: number) =>
      hoursAgo >= from && hoursAgo < from + hours
    const scoreOf = (hours: Record<string, number>[]) =>
      findAnomalies(hoursOf('domain', hours), NOW).find(({ value }) => value === 'shared')?.figures
        .score ?? 0

    it('is found as soon after one burst, or two, as without', () => {
      const without = scoreOf(days(() => 2, farm))
      assert.ok(without > 20)
      for (const size of [100, 300, 1000, 10_000]) {
        const once = (ago: number) => farm(ago) + (within(ago, 240, 3) ? size : 0)
        const twice = (ago: number) => once(ago) + (within(ago, 100, 3) ? size : 0)
        for (const more of [once, twice]) {
          const score = scoreOf(days(() => 2, more))
          assert.ok(Math.abs(score - without) < 3, `${size}: ${score}, without any ${without}`)
        }
      }
    })

    it('is nothing if it comes every night, every weekend, or once a week', () => {
      const rhythms: Record<string, (hoursAgo: number) => boolean> = {
        night: (ago) => ago % 24 < 5,
        weekend: (ago) => Math.floor(ago / 24) % 7 < 2,
        'a day a week': (ago) => Math.floor(ago / 24) % 7 === 0,
      }
      for (const [name, isOn] of Object.entries(rhythms)) {
        assert.equal(scoreOf(days((ago) => (isOn(ago) ? 14 : 2), () => 0)), 0, name) // biome-ignore format: one case
      }
    })
  })

  it('that comes slowly is found over a day', () => {
    const slow = [
      ...Array.from({ length: 24 }, () => ({ alone: 20, shared: 3 })),
      ...Array.from({ length: 72 }, () => ({ alone: 20, shared: 0 })),
    ]
    const [found] = findAnomalies(hoursOf('domain', slow), NOW)
    assert.deepEqual(
      [found?.value, found?.figures.window, found?.figures.seen],
      ['shared', 'day', 72],
    )
  })

  it('goes on to be told while an alert about it is open, however long', () => {
    const farm = [
      ...Array.from({ length: 120 }, () => ({ alone: 20, shared: 20 })),
      ...Array.from({ length: 60 }, () => ({ alone: 20, shared: 0 })),
    ]
    const hours = hoursOf('domain', farm)
    assert.deepEqual(findAnomalies(hours, NOW), [], 'by then it would be what is usual')
    const since = new Map([['domain', NOW - 120 * HOUR]])
    const [found] = findAnomalies(hours, NOW, since)
    assert.deepEqual([found?.value, found?.figures.seen], ['shared', 480])
  })

  it('is not told of a petition without a past, of a family, nor of what lies in the future or long ago', () => {
    assert.deepEqual(findAnomalies(hoursOf('client', [{ firefox: 500 }]), NOW), [])
    assert.deepEqual(findAnomalies(hoursOf('client', [{ opera: 9, chrome: 60 }, ...calm(30)]), NOW), []) // biome-ignore format: one case
    const later = hoursOf('client', [{ firefox: 500 }]).map((row) => ({ ...row, hour: NOW + HOUR }))
    const before = hoursOf('client', calm(30)).map((row) => ({ ...row, hour: row.hour - 30 * DAY }))
    assert.deepEqual(findAnomalies([...later, ...before, ...hoursOf('client', [{ firefox: 500 }])], NOW), []) // biome-ignore format: one case
    assert.deepEqual(findAnomalies([], NOW), [])
  })
})
