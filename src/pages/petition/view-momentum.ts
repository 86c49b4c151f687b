import { DAY } from '../../platform/clock.ts'
import { formatDate, formatNumber } from '../../platform/i18n/format.ts'

/** What moved lately, from the published rows by day alone: it tells nothing that they don't. */
export interface Momentum {
  /** Of the last seven days; 0 where they are few, or all that there are: the count says that already. */
  recent: number
  /** Null while nothing was signed on two of the last thirty days. */
  days: {
    /** `d` of an SVG path: a bar for each day, the highest as high as the drawing. */
    path: string
    width: number
    height: number
    rows: { day: string; signatures: string }[]
  } | null
  /** The highest goal that was reached, and on which day; null before the first. */
  milestone: { number: string; date: string; datetime: string } | null
}

const RECENT_DAYS = 7
const DRAWN_DAYS = 30
/** Fewer would say "nobody comes here". */
const FEW = 5
const BAR = 8
const STEP = 10
const HEIGHT = 32
/** A day with any signature is seen. */
const LEAST_HEIGHT = 1.5

/** @param rows by day in UTC, in the order of their keys */
export function viewMomentum(
  rows: readonly { key: string; signatures: number }[],
  goals: readonly number[],
  { now, language }: { now: Date; language: string },
): Momentum {
  const byDay = new Map(rows.map(({ key, signatures }) => [key, signatures]))
  const total = rows.reduce((sum, { signatures }) => sum + signatures, 0)
  const days = lastDays(now, DRAWN_DAYS).map((key) => ({ key, signatures: byDay.get(key) ?? 0 }))
  const recent = days.slice(-RECENT_DAYS).reduce((sum, { signatures }) => sum + signatures, 0)
  return {
    recent: recent < FEW || recent >= total ? 0 : recent,
    days: draw(days, language),
    milestone: findMilestone(rows, goals, language),
  }
}

/** Keys as `2024-11-11`, the oldest first. */
function lastDays(now: Date, count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    new Date(now.getTime() - (count - 1 - index) * DAY).toISOString().slice(0, 10),
  )
}

function draw(days: { key: string; signatures: number }[], language: string): Momentum['days'] {
  if (days.filter(({ signatures }) => signatures > 0).length < 2) return null
  const top = Math.max(...days.map(({ signatures }) => signatures))
  const bars = days.flatMap(({ signatures }, index) => {
    if (signatures <= 0) return []
    const height = Math.max(LEAST_HEIGHT, (signatures / top) * HEIGHT)
    return `M${index * STEP} ${HEIGHT}v-${Math.round(height * 10) / 10}h${BAR}V${HEIGHT}z`
  })
  return {
    path: bars.join(''),
    width: days.length * STEP,
    height: HEIGHT,
    rows: days.map(({ key, signatures }) => ({
      day: formatDate(new Date(key), language),
      signatures: formatNumber(signatures, language),
    })),
  }
}

function findMilestone(
  rows: readonly { key: string; signatures: number }[],
  goals: readonly number[],
  language: string,
): Momentum['milestone'] {
  const total = rows.reduce((sum, { signatures }) => sum + signatures, 0)
  const steps = [...goals]
  // As the goal on the page: beyond the last it doubles.
  while (steps.at(-1)! <= total) steps.push(steps.at(-1)! * 2)
  const goal = steps.findLast((each) => each <= total)
  if (goal === undefined) return null
  let sum = 0
  const { key } = rows.find(({ signatures }) => {
    sum += signatures
    return sum >= goal
  })!
  return {
    number: formatNumber(goal, language),
    date: formatDate(new Date(key), language),
    datetime: key,
  }
}
