import { type Acting, noteAction } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import { findPetitionRow, lockPublishing, setStage } from '../petition/petition-rows.ts'
import { DAY } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import { makeToken } from '../platform/link-token.ts'
import { newId } from '../platform/random-id.ts'
import { StageError } from './stage.ts'

export const PREVIEW_DAYS = 14

/** The secret part of the address: of an id that is stored, and made with a key that is not. */
export const previewToken = (keyring: Keyring, id: string): string =>
  makeToken(keyring, 'preview', { id, address: null })

/**
 * An address under which a draft can be read, in place of the one before.
 *
 * @param days for how long; 0 withdraws it
 * @throws StageError where there is no draft
 */
export async function changePreview(
  trx: Db,
  acting: Acting,
  slug: string,
  days: number,
): Promise<{ id: string; until: Date } | null> {
  await lockPublishing(trx, slug)
  const row = await findPetitionRow(trx, slug)
  if (!row) throw new StageError(`there is no petition "${slug}": "undersigned petition list" shows those there are`) // biome-ignore format: one sentence
  if (row.published_at) throw new StageError(`${slug} is published: everybody can read it, and a preview of changes is shown by "undersigned petition preview <folder>"`) // biome-ignore format: one sentence
  const now = acting.clock.now()
  const until = new Date(now.getTime() + days * DAY)
  const made = days === 0 ? null : { id: newId(), until }
  await setStage(
    trx,
    row.id,
    { preview_id: made?.id ?? null, preview_until: made?.until ?? null },
    now,
  )
  const before = { until: row.preview_until?.toISOString() ?? null }
  const after = { until: made?.until.toISOString() ?? null }
  await noteAction(trx, acting, { what: 'petition preview-link', petition: row, before, after })
  return made
}
