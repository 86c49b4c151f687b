import { hasEnded, hasGuardedFigures, type Petition } from '../petition/petition.ts'
import type { Clock } from '../platform/clock.ts'
import { formatNumber } from '../platform/i18n/format.ts'
import { translator } from '../platform/i18n/translate.ts'
import { roundDown } from './round-down.ts'

export interface CountWords {
  /** For example `12,000+`; null where nobody, or nearly nobody, has signed yet. */
  figure: string | null
  /** Beside the figure, or instead of it. */
  label: string
}

/** The public count in steps, as pictures show it that are kept for long. */
export function countWords(
  petition: Petition,
  { counted, language, clock }: { counted: number; language: string; clock: Clock },
): CountWords {
  const t = translator(language)
  const shown = roundDown(counted)
  const ended = hasEnded(petition, clock)
  const first = hasGuardedFigures(petition) ? 'count.firstGuarded' : 'count.first'
  if (shown === 0) return { figure: null, label: t(ended ? 'closed.heading' : first) }
  const figure = `${formatNumber(shown, language)}+`
  return { figure, label: t(ended ? 'count.final' : 'count.label') }
}
