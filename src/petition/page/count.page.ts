import { formatNumber } from '../../platform/i18n/format.ts'
import type { Count } from '../../tally/read-counts.ts'
import type { Petition } from '../petition.ts'
import type { CountView } from './petition.page.ts'
import { raiseGoal } from './raise-goal.ts'

export function viewCount(petition: Petition, count: Count, language: string): CountView {
  const goal = raiseGoal(petition.settings.goals, count.counted)
  return {
    counted: count.counted,
    none: count.counted === 0,
    countedText: formatNumber(count.counted, language),
    goal,
    goalText: formatNumber(goal, language),
    url: `/api/v1/petitions/${petition.slug}`,
  }
}
