import { isDeepStrictEqual } from 'node:util'
import { type Acting, noteAction } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import { lockPublishing } from '../petition/petition-rows.ts'
import type { UpdateFiles } from './update-files.ts'
import { insertUpdate, listUpdates, touchUpdate, type Update, writeTexts } from './update-rows.ts'

export interface UpdateChanges {
  isNew: boolean
  /** Languages whose text is new or another, and those that are taken away. */
  changed: string[]
  removed: string[]
}

export const hasChanges = ({ isNew, changed, removed }: UpdateChanges): boolean =>
  isNew || changed.length > 0 || removed.length > 0

/** What publishing the files would change. @param before null for a new update */
export function compareUpdate(
  before: Pick<Update, 'texts'> | null,
  { contents }: UpdateFiles,
): UpdateChanges {
  const texts = before?.texts ?? new Map()
  return {
    isNew: !before,
    changed: [...contents]
      .filter(([language, content]) => !isDeepStrictEqual(texts.get(language), content))
      .map(([language]) => language),
    removed: [...texts.keys()].filter((language) => !contents.has(language)),
  }
}

/**
 * Shows an update on the petition's page, or corrects it. Publishing the same files again changes nothing. Nobody is
 * mailed: see begin-broadcast.ts. Call it in a transaction.
 */
export async function publishUpdate(
  trx: Db,
  acting: Acting,
  petition: Petition,
  files: UpdateFiles,
): Promise<UpdateChanges> {
  await lockPublishing(trx, petition.slug)
  const before = (await listUpdates(trx, petition.id)).find(({ name }) => name === files.name)
  const changes = compareUpdate(before ?? null, files)
  if (!hasChanges(changes)) return changes
  const now = acting.clock.now()
  const { name, contents } = files
  const id = before?.id ?? (await insertUpdate(trx, { petitionId: petition.id, name, now }))
  if (before) await touchUpdate(trx, id, now)
  await writeTexts(trx, id, contents)
  await noteAction(trx, acting, {
    what: 'update publish',
    petition,
    before: before ? { languages: [...before.texts.keys()] } : null,
    after: { name, languages: [...contents.keys()], changed: changes.changed },
  })
  return changes
}
