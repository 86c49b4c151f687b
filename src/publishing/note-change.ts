import { isDeepStrictEqual } from 'node:util'
import type { Fact, Facts } from '../actions/note-action.ts'
import { writeMoment } from '../petition/files/read-moment.ts'
import type { Terms } from './terms.ts'

/** Settings and days by their names in petition.yaml, as actions hold them. */
export const factsOf = ({ settings, opens, closes }: Terms): Facts => ({
  ...(JSON.parse(JSON.stringify(settings)) as Facts),
  opens: writeMoment(opens),
  closes: closes && writeMoment(closes),
})

/** What differs, on each side; null where nothing does. */
export function differingFacts(
  before: Facts,
  after: Facts,
): { before: Facts; after: Facts } | null {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const differing = names.filter((name) => !isDeepStrictEqual(before[name], after[name]))
  if (differing.length === 0) return null
  const pick = (facts: Facts) =>
    Object.fromEntries(differing.map((name): [string, Fact] => [name, facts[name] ?? null]))
  return { before: pick(before), after: pick(after) }
}
