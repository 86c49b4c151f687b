import type { Config } from '../config.ts'
import type { Count } from '../count/read-counts.ts'
import type { PublishedLog } from '../log/public-log.ts'
import { hasGuardedFigures, type Petition } from '../petition/petition.ts'
import { formatNumber } from '../platform/i18n/format.ts'

export interface CountView {
  counted: number
  /** What is shown stays at or above this; 0 for everyone but a reader who has just confirmed. */
  least: number
  /** True before the first signature that is shown: the page says "Be the first". */
  none: boolean
  /** There may be signatures that are not shown yet: the page then says "Be among the first". */
  guarded: boolean
  countedText: string
  goal: number
  goalText: string
  /** What the public log says of it; null before its first checkpoint, and while it says nothing; `arrived` is 0 when nothing waits. */
  log: { certified: number; arrived: number } | null
  /** JSON address that the browser script polls for `signatures.counted`. */
  url: string
}

/** @param least shown to a reader who has just confirmed, while the public figure may still wait for others */
export function viewCount(
  petition: Petition,
  count: Count,
  language: string,
  log: PublishedLog | null,
  least = 0,
): CountView {
  const counted = Math.max(count.counted, least)
  const goal = raiseGoal(petition.settings.goals, counted)
  return {
    counted,
    least,
    none: counted === 0,
    guarded: hasGuardedFigures(petition),
    countedText: formatNumber(counted, language),
    goal,
    goalText: formatNumber(goal, language),
    log: log && counted > 0 ? viewLog(log.certified(petition.id), counted) : null,
    url: `/api/v1/petitions/${petition.slug}`,
  }
}

function viewLog(certified: number, counted: number): CountView['log'] {
  // Fewer than certified: withdrawals that are not in the log yet.
  return { certified, arrived: Math.max(0, counted - certified) }
}

/** The goal moves on when the count has come this near: a full line says "over", not "go on". */
const NEAR = 0.9

/** The first goal that is not yet near; beyond the last, the last doubled as often as it takes. */
export function raiseGoal(goals: readonly number[], counted: number): number {
  const listed = goals.find((goal) => counted < goal * NEAR)
  if (listed) return listed
  let goal = goals.at(-1)!
  while (counted >= goal * NEAR) goal *= 2
  return goal
}

/** How long a confirmed signature waits for its batch of the public log. */
export interface LogWait {
  /** At most, where batches keep to the clock. */
  minutes: number
  /** Signatures that a batch holds at least, or else waits for hours; 0 where it doesn't wait for others. */
  least: number
}

export function logWaitOf(
  petition: Petition,
  { logInterval, logMinBatch }: Pick<Config, 'logInterval' | 'logMinBatch'>,
): LogWait {
  const waits = hasGuardedFigures(petition) && logMinBatch > 1
  return { minutes: Math.ceil(logInterval / 60), least: waits ? logMinBatch : 0 }
}
