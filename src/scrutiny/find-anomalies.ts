import { DAY, HOUR } from '../platform/clock.ts'
import { leaveOutBursts, shareOf, variance } from './leave-out-bursts.ts'

/** How many forms of an hour had a trait; `forms`, `all` is the number of all. */
export interface HourOfTrait {
  /** Milliseconds since 1970. */
  hour: number
  trait: string
  value: string
  forms: number
}

/** The numbers of an alert. */
export interface AnomalyFigures {
  /** Over which it was looked: the last hour, or the last 24. */
  window: 'hour' | 'day'
  /** With this trait. */
  seen: number
  /** In a window with so many forms, by the petition's own past. */
  expected: number
  /** All forms of the window. */
  forms: number
  /** All forms of a usual window. */
  usualForms: number
  /** Distance from what is expected, in standard deviations of the petition's own past. */
  score: number
  /** The largest groups of forms with one network or domain, by hash. */
  largest?: { value: string; forms: number }[]
}

export interface Anomaly {
  trait: string
  value: string
  figures: AnomalyFigures
}

const WINDOWS = [
  { window: 'hour', length: HOUR, leastBlocks: 6 },
  { window: 'day', length: DAY, leastBlocks: 1 },
] as const
/** The past that is compared with. */
export const PAST_MS = 14 * DAY
/** Fewer forms than that have no past. */
const LEAST_PAST = 100
/** Fewer more than expected are chance, or a family. */
const LEAST_MORE = 10
/** Distance in standard deviations: people come in crowds, so much is ordinary. */
const LEAST_SCORE = 5
/** Twice as many as expected, or a seventh of all forms more. */
const LEAST_RATIO = 2
const LEAST_SHARE = 0.15

/**
 * Traits that more of the newest forms have in common than the petition's own past explains. Each share is compared
 * with the shares of earlier windows of the same length, and the more these varied, the more it takes: but for single
 * bursts, whether or not somebody was told of them.
 *
 * @param hours of one petition, any order
 * @param now the end of the last hour, in milliseconds since 1970
 * @param since by trait: what came later is no past to compare with, since an alert about it is open. Else a farm that
 *   goes on for days would become what is usual
 */
export function findAnomalies(
  hours: readonly HourOfTrait[],
  now: number,
  since: ReadonlyMap<string, number> = new Map(),
): Anomaly[] {
  const found = new Map<string, Anomaly>()
  for (const each of WINDOWS) {
    for (const anomaly of findInWindow(hours, now, since, each)) {
      const name = `${anomaly.trait} ${anomaly.value}`
      const before = found.get(name)
      if (!before || before.figures.score < anomaly.figures.score) found.set(name, anomaly)
    }
  }
  return [...found.values()].sort((a, b) => b.figures.score - a.figures.score)
}

type Window = (typeof WINDOWS)[number]

function findInWindow(
  hours: readonly HourOfTrait[],
  now: number,
  since: ReadonlyMap<string, number>,
  { window, length, leastBlocks }: Window,
): Anomaly[] {
  /** By trait and value: how many forms in which window before the end, 0 being the newest. */
  const series = new Map<string, { trait: string; value: string; forms: Map<number, number> }>()
  for (const { hour, trait, value, forms } of hours) {
    const block = Math.floor((now - 1 - hour) / length)
    if (block < 0 || hour < now - length - PAST_MS) continue
    const name = `${trait} ${value}`
    const one = series.get(name) ?? { trait, value, forms: new Map<number, number>() }
    one.forms.set(block, (one.forms.get(block) ?? 0) + forms)
    series.set(name, one)
  }
  const all = series.get('forms all')?.forms ?? new Map<number, number>()
  const forms = all.get(0) ?? 0
  if (forms === 0) return []

  /** The windows before the newest, without those of an open alert. */
  const pastOf = (trait: string) =>
    [...all].filter(([block]) => {
      const end = now - block * length
      return block > 0 && end <= (since.get(trait) ?? now)
    })

  const judge = (trait: string, counts: Map<number, number>): AnomalyFigures | null => {
    const whole = pastOf(trait)
    if (whole.length < leastBlocks) return null
    const past = leaveOutBursts(whole, counts, length)
    const pastForms = past.reduce((sum, [, count]) => sum + count, 0)
    if (pastForms < LEAST_PAST) return null
    const seen = counts.get(0) ?? 0
    const share = shareOf(past, counts)
    const expected = forms * share
    const more = seen - expected
    if (more < LEAST_MORE) return null
    if (seen < LEAST_RATIO * expected && more < LEAST_SHARE * forms) return null
    // How much more the shares varied than chance alone would make them.
    const spread = Math.max(1, variance(past, counts, share, past.length - 1))
    const score = more / Math.sqrt(spread * expected * (1 - share) + 1)
    if (score < LEAST_SCORE) return null
    const usualForms = pastForms / past.length
    return {
      window,
      seen,
      expected: round(expected),
      forms,
      usualForms: round(usualForms),
      score: round(score),
    }
  }
  return [...series.values()].flatMap(({ trait, value, forms: counts }) => {
    if (trait === 'forms') return []
    const figures = judge(trait, counts)
    return figures ? [{ trait, value, figures }] : []
  })
}

const round = (value: number) => Math.round(value * 10) / 10
