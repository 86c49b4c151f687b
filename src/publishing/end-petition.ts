import type { Proposal } from '../actions/agreement.ts'
import { type Acting, noteAction } from '../actions/note-action.ts'
import { forgetCounts } from '../count/advance-counts.ts'
import type { Db } from '../database.ts'
import { forgetPetitionInLog } from '../log/enqueue-entry.ts'
import { noteDeleted } from '../petition/deleted-petitions.ts'
import { confirmsUntil, toPetition } from '../petition/petition.ts'
import {
  deletePetitionRow,
  findPetitionRow,
  lockPublishing,
  type PetitionRow,
  setArchived,
  setClosed,
  setReopened,
} from '../petition/petition-rows.ts'
import type { Clock } from '../platform/clock.ts'
import { takeAllTheTime } from '../platform/database/connect.ts'
import { forgetScrutiny } from '../scrutiny/totals.ts'
import { deletePartnerLinks } from '../sharing/partner-links.ts'
import { hasSignatures, hasSubmissions, waitsForSealing } from '../signature/reads.ts'
import { eraseAllPending } from '../signature/remind-or-erase.ts'
import { unsubscribeAll } from '../subscriber/subscribe.ts'

/** The two halves of a verb of this file, for whenAgreed. */
export interface Ending<Shown extends Proposal, Refused extends string, Done extends string> {
  survey(trx: Db, clock: Clock, slug: string): Promise<Shown | Refused>
  work(trx: Db, acting: Acting, slug: string): Promise<Done>
}

export type CloseOutcome = 'closed' | 'no such petition' | 'already closed'

/** Takes no more signatures from now on; `reopenPetition` takes it back. Closing twice keeps the first time. */
export const closing: Ending<Proposal, Exclude<CloseOutcome, 'closed'>, 'closed'> = {
  async survey(trx, _clock, slug) {
    await lockPublishing(trx, slug)
    const row = await findPetitionRow(trx, slug)
    if (!row) return 'no such petition'
    return row.closed_at ? 'already closed' : { losses: [] }
  },
  async work(trx, acting, slug) {
    const petition = await getPetitionRow(trx, slug)
    const now = acting.clock.now()
    await setClosed(trx, slug, now)
    const after = { closed: now.toISOString() }
    await noteAction(trx, acting, { what: 'petition close', petition, after })
    return 'closed'
  },
}

export type ReopenOutcome =
  | 'reopened'
  | 'no such petition'
  /** Its key is destroyed: everyone who had signed could sign again. */
  | 'archived'
  | 'not closed'
  /** The count that was handed over must stand. */
  | 'delivered'
  /** By the closing day in its files, which publishing moves. */
  | 'closed by its day'

/** Undoes closing by hand. */
export async function reopenPetition(
  trx: Db,
  acting: Acting,
  slug: string,
): Promise<ReopenOutcome> {
  const now = acting.clock.now()
  await lockPublishing(trx, slug)
  const row = await findPetitionRow(trx, slug)
  if (!row) return 'no such petition'
  if (!row.tag_key) return 'archived'
  if (row.delivery) return 'delivered'
  if (row.closes_at && row.closes_at <= now) return 'closed by its day'
  if (!row.closed_at) return 'not closed'
  await setReopened(trx, row.id, now)
  const before = { closed: row.closed_at.toISOString() }
  await noteAction(trx, acting, { what: 'petition reopen', petition: row, before })
  return 'reopened'
}

export type ArchiveOutcome =
  | 'archived'
  | 'no such petition'
  | 'already archived'
  /** Open, or closed for less than a day: mails under way may still be confirmed. */
  | 'not closed'
  /** The worker hasn't sealed everything yet. */
  | 'not sealed'

/**
 * Destroys the key that ties a closed petition's signatures to addresses, and erases submissions that
 * were never confirmed. From then on nobody can test whether an address has signed, nor be mailed a link
 * to withdraw. There is no way back, though a backup holds the key until it is deleted itself.
 */
export const archiving: Ending<Proposal, Exclude<ArchiveOutcome, 'archived'>, 'archived'> = {
  async survey(trx, clock, slug) {
    await takeAllTheTime(trx)
    await lockPublishing(trx, slug)
    // Read behind the lock: somebody may just have reopened it, or moved its last day.
    const row = await findPetitionRow(trx, slug)
    if (!row) return 'no such petition'
    const { id, tag_key: tagKey } = row
    if (!tagKey) return 'already archived'
    if (confirmsUntil(toPetition(row, [], true), clock)) return 'not closed'
    if (await waitsForSealing(trx, id)) return 'not sealed'
    return {
      losses: [
        'the key is destroyed for good, and nobody can be mailed a link to withdraw after it',
      ],
    }
  },
  async work(trx, acting, slug) {
    const petition = await getPetitionRow(trx, slug)
    await eraseAllPending(trx, petition.id)
    await setArchived(trx, petition.id, acting.clock.now())
    await noteAction(trx, acting, { what: 'petition archive', petition })
    return 'archived'
  },
}

export type DeleteOutcome =
  | 'deleted'
  | 'no such petition'
  /** Somebody signed it, even if they withdrew since: the public log has their entries. */
  | 'signed'
  /** Somebody was mailed a link that still confirms. */
  | 'waiting'

/**
 * Deletes a petition that nobody signed, with its texts and links; its addresses say so from then on. There is no way back. A signature
 * made at this very moment refers to the petition: the transaction then ends with a foreign key violation.
 */
export const deleting: Ending<Proposal, Exclude<DeleteOutcome, 'deleted'>, 'deleted'> = {
  async survey(trx, clock, slug) {
    await lockPublishing(trx, slug)
    const row = await findPetitionRow(trx, slug)
    if (!row) return 'no such petition'
    if (await hasSignatures(trx, row.id)) return 'signed'
    const confirms = confirmsUntil(toPetition(row, [], true), clock)
    if (confirms && (await hasSubmissions(trx, row.id))) return 'waiting'
    return { losses: ['its texts and its partners’ links are gone for good'] }
  },
  async work(trx, acting, slug) {
    const row = await getPetitionRow(trx, slug)
    await eraseAllPending(trx, row.id)
    await unsubscribeAll(trx, row.id)
    const codes = await deletePartnerLinks(trx, row.id)
    await forgetCounts(trx, row.id)
    await forgetScrutiny(trx, row.id)
    await forgetPetitionInLog(trx, row.id)
    await deletePetitionRow(trx, row.id)
    // No link to a draft was given out but that of its preview.
    if (row.published_at) await noteDeleted(trx, { slug, codes, now: acting.clock.now() })
    await noteAction(trx, acting, { what: 'petition delete', petition: row })
    return 'deleted'
  },
}

/** Behind the lock that the survey took. */
async function getPetitionRow(trx: Db, slug: string): Promise<PetitionRow> {
  const row = await findPetitionRow(trx, slug)
  if (!row) throw new Error(`no petition ${slug} behind its lock`)
  return row
}
