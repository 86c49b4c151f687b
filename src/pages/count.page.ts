import type { Count } from '../count/read-counts.ts'
import type { PublishedLog } from '../log/public-log.ts'
import { hasGuardedFigures, type Petition } from '../petition/petition.ts'
import { formatNumber } from '../platform/i18n/format.ts'
import type { CountView } from './petition/petition.page.ts'
import { raiseGoal } from './raise-goal.ts'

/** @param least what a reader who has just confirmed must see: the public figure may wait for others */
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
