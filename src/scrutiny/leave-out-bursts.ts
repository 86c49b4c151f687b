import { DAY } from '../platform/clock.ts'

/** A window of the past: which one before the newest, and how many forms came in it. */
export type Past = [block: number, forms: number]

/** A day on which a trait's share varied so many times more than on the middle one, and than by chance, is a burst. */
const BURST = 10
/** Of the days; what happens on more of them is what this petition is like. */
const MOST_BURSTS = 1 / 4
/** A day at the same time of the week is no burst, but maybe the petition's rhythm. */
const DAYS_OF_WEEK = 7

/**
 * The past without single days on which a trait was far from its usual share: one crowd, or one farm, of long ago must
 * not make the next one look ordinary. What comes on every day at some hour, every week, or on more than a quarter of
 * the days, stays.
 *
 * @param counts forms with the trait, by block
 * @param length of a window, in milliseconds
 */
export function leaveOutBursts(
  past: readonly Past[],
  counts: ReadonlyMap<number, number>,
  length: number,
): Past[] {
  const days = new Map<number, Past[]>()
  for (const one of past) {
    // By the nearest day, so that an hour a week ago is in its middle.
    const day = Math.round((one[0] * length) / DAY)
    days.set(day, [...(days.get(day) ?? []), one])
  }
  const usual = median([...days.values()].map((each) => shareOf(each, counts)))
  const varied = [...days].map(([day, each]) => ({ day, by: variance(each, counts, usual) }))
  const least = BURST * Math.max(1, median(varied.map(({ by }) => by)))
  const bursts = varied
    .filter(({ day, by }) => by > least && (day === 0 || day % DAYS_OF_WEEK !== 0))
    .sort((a, b) => b.by - a.by)
    .slice(0, Math.floor(days.size * MOST_BURSTS))
  return bursts.length > 0
    ? [...days].flatMap(([day, each]) => (bursts.some((burst) => burst.day === day) ? [] : each))
    : [...past]
}

/** Of a trait in windows together: neither 0 nor 1. */
export function shareOf(past: readonly Past[], counts: ReadonlyMap<number, number>): number {
  const forms = past.reduce((sum, [, each]) => sum + each, 0)
  const seen = past.reduce((sum, [block]) => sum + (counts.get(block) ?? 0), 0)
  return (seen + 0.5) / (forms + 1)
}

/** How far the numbers of windows were from a share, squared: 1 on average where chance alone made the difference. */
export function variance(
  past: readonly Past[],
  counts: ReadonlyMap<number, number>,
  share: number,
  degrees = past.length,
): number {
  const sum = past.reduce((total, [block, forms]) => {
    const expected = forms * share
    return total + ((counts.get(block) ?? 0) - expected) ** 2 / (expected * (1 - share))
  }, 0)
  return sum / Math.max(1, degrees)
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2
}
