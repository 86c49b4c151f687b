import { isDeepStrictEqual } from 'node:util'
import type { Asking, Proposal } from '../actions/agreement.ts'
import { type Acting, noteAction } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import { lockPublishing } from '../petition/petition-rows.ts'
import type { UpdateFiles } from './update-files.ts'
import { insertUpdate, listUpdates, touchUpdate, type Update, writeTexts } from './update-rows.ts'

/** What publishing the files of an update would change. */
export interface UpdateChanges extends Proposal {
  isNew: boolean
  /** The texts as they are. */
  before: Update['texts']
  /** Languages whose text is new or another, and those that are taken away. */
  changed: string[]
  removed: string[]
}

/**
 * Shows an update on the petition's page, or corrects it. Publishing the same files again changes nothing. Nobody is
 * mailed: see begin-broadcast.ts.
 */
export const publishingUpdate = (
  acting: Acting,
  petition: Petition,
  { name, contents }: UpdateFiles,
): Asking<UpdateChanges, 'nothing to do', UpdateChanges> => {
  const find = async (trx: Db) =>
    (await listUpdates(trx, petition.id)).find((each) => each.name === name)
  return {
    async survey(trx) {
      await lockPublishing(trx, petition.slug)
      const changes = compareUpdate((await find(trx)) ?? null, contents)
      const { isNew, changed, removed } = changes
      return isNew || changed.length > 0 || removed.length > 0 ? changes : 'nothing to do'
    },
    async work(trx, changes) {
      const before = await find(trx)
      const now = acting.clock.now()
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
    },
  }
}

/** @param before null for a new update */
function compareUpdate(
  before: Pick<Update, 'texts'> | null,
  contents: UpdateFiles['contents'],
): UpdateChanges {
  const texts = before?.texts ?? new Map()
  return {
    // Its mails may have gone out with the former text; but any text can be published again.
    losses: [],
    isNew: !before,
    before: texts,
    changed: [...contents]
      .filter(([language, content]) => !isDeepStrictEqual(texts.get(language), content))
      .map(([language]) => language),
    removed: [...texts.keys()].filter((language) => !contents.has(language)),
  }
}
