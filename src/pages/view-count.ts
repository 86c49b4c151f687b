import type { Config } from '../config.ts'
import type { Count } from '../count/read-counts.ts'
import type { PublishedLog } from '../log/public-log.ts'
import { hasGuardedFigures, type Petition, raiseGoal } from '../petition/petition.ts'
import { formatNumber } from '../platform/i18n/format.ts'

/** The goal's part that the line under the count has room for, beside those in the log. */
const ROOM_FOR_ARRIVALS = 10

export interface CountView {
  counted: number
  /** The shown count never falls below this; 0 for everyone but a reader who has just confirmed. */
  least: number
  /** True before the first signature that is shown: the page says "Be the first". */
  none: boolean
  /** There may be signatures that are not shown yet: the page then says "Be among the first". */
  guarded: boolean
  countedText: string
  goal: number
  goalText: string
  /** `certified` by the public log; `arrived` since, 0 when nothing waits. Null before the first checkpoint or signature. */
  log: { certified: number; arrived: number } | null
  /** More than are likely to wait for the log at once: the page keeps room for them, so that nothing moves. */
  arrivals: number
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
    arrivals: Math.ceil(goal / ROOM_FOR_ARRIVALS),
    url: `/api/v1/petitions/${petition.slug}`,
  }
}

function viewLog(certified: number, counted: number): CountView['log'] {
  // Fewer than certified: withdrawals that are not in the log yet.
  return { certified, arrived: Math.max(0, counted - certified) }
}

/** How long a confirmed signature waits for its batch of the public log. */
export interface LogWait {
  /** At most, where batches follow the clock alone. */
  minutes: number
  /** The fewest signatures in a batch, which else waits for hours; 0 where it doesn't wait for others. */
  least: number
}

export function logWaitOf(
  petition: Petition,
  { logInterval, logMinBatch }: Pick<Config, 'logInterval' | 'logMinBatch'>,
): LogWait {
  const waits = hasGuardedFigures(petition) && logMinBatch > 1
  return { minutes: Math.ceil(logInterval / 60), least: waits ? logMinBatch : 0 }
}
