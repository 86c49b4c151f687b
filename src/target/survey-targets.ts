import { isDeepStrictEqual } from 'node:util'
import type { Db } from '../database.ts'
import { type Asking, requireTexts } from './import-targets.ts'
import type { TargetInput } from './read-targets.ts'
import { listTargets } from './target.queries.ts'

/** What a file of targets would change. */
export interface TargetChanges {
  added: TargetInput[]
  changed: { before: TargetInput; after: TargetInput }[]
  /** Not in the file, and nothing was noted of them: they are taken out. */
  removed: TargetInput[]
  /** Not in the file, and asked or answered already: they stay. */
  kept: string[]
}

/**
 * @param petition without an id: it isn't there yet
 * @throws TargetError for a text that lacks one of the petition's languages
 */
export async function surveyTargets(
  db: Db,
  petition: Omit<Asking, 'id'> & { id: number | null },
  given: TargetInput[],
): Promise<TargetChanges> {
  requireTexts(petition, given)
  const rows = petition.id === null ? [] : await listTargets(db, petition.id)
  const known = new Map<string, TargetInput>()
  for (const { word: id, country, facts } of rows) known.set(id, { id, country, ...facts })
  const ids = new Set(given.map(({ id }) => id))
  const gone = rows.filter(({ word }) => !ids.has(word))
  return {
    added: given.filter(({ id }) => !known.has(id)),
    changed: given.flatMap((after) => {
      const before = known.get(after.id)
      return before && !isDeepStrictEqual(before, after) ? [{ before, after }] : []
    }),
    removed: gone.flatMap(({ word, entries }) => (entries.length === 0 ? known.get(word)! : [])),
    kept: gone.filter(({ entries }) => entries.length > 0).map(({ word }) => word),
  }
}
