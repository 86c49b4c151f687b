import type { PublicLog } from '../../log/public-log-shelf.ts'
import { formatNumber } from '../../platform/i18n/format.ts'
import type { Count } from '../../tally/read-counts.ts'
import type { Petition } from '../petition.ts'
import type { CountView } from './petition.page.ts'
import { raiseGoal } from './raise-goal.ts'

export function viewCount(
  petition: Petition,
  count: Count,
  language: string,
  log: PublicLog | null,
): CountView {
  const goal = raiseGoal(petition.settings.goals, count.counted)
  return {
    counted: count.counted,
    none: count.counted === 0,
    countedText: formatNumber(count.counted, language),
    goal,
    goalText: formatNumber(goal, language),
    log: log && count.counted > 0 ? viewLog(log.certified(petition.id), count, language) : null,
    url: `/api/v1/petitions/${petition.slug}`,
  }
}

function viewLog(certified: number, { counted }: Count, language: string): CountView['log'] {
  const arrived = counted - certified
  return {
    certified: formatNumber(certified, language),
    // Fewer than certified: withdrawals that are not in the log yet.
    arrived: arrived > 0 ? formatNumber(arrived, language) : null,
  }
}
