import { forgetCounts } from '../count/advance-counts.ts'
import type { Db } from '../database.ts'
import { forgetPetitionInLog } from '../log/enqueue-entry.ts'
import { closingOf, takesConfirmations } from '../petition/petition.ts'
import {
  deletePetitionRow,
  findPetitionRow,
  lockPublishing,
  setArchived,
  setClosed,
  setReopened,
} from '../petition/petition-rows.ts'
import type { Clock } from '../platform/clock.ts'
import { takeAllTheTime } from '../platform/database/connect.ts'
import { deletePartnerLinks } from '../sharing/partner-links.ts'
import { hasSignatures, hasSubmissions, waitsForSealing } from '../signature/reads.ts'
import { eraseAllPending } from '../signature/remind-or-erase.ts'
import { unsubscribeAll } from '../subscriber/subscribe.ts'

/**
 * Takes no more signatures from now on. Closing twice keeps the first time.
 * @returns false when there is no such petition
 */
export const closePetition = (trx: Db, clock: Clock, slug: string): Promise<boolean> =>
  setClosed(trx, slug, clock.now())

export type ReopenOutcome =
  | 'reopened'
  | 'no such petition'
  /** Its key is destroyed: everyone who had signed could sign again. */
  | 'archived'
  | 'not closed'
  /** By the closing day in its files, which publishing moves. */
  | 'closed by its day'

/** Undoes closing by hand. */
export async function reopenPetition(trx: Db, clock: Clock, slug: string): Promise<ReopenOutcome> {
  await lockPublishing(trx, slug)
  const row = await findPetitionRow(trx, slug)
  if (!row) return 'no such petition'
  if (!row.tag_key) return 'archived'
  if (row.closes_at && row.closes_at <= clock.now()) return 'closed by its day'
  if (!row.closed_at) return 'not closed'
  await setReopened(trx, row.id, clock.now())
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
export async function archivePetition(
  trx: Db,
  clock: Clock,
  slug: string,
): Promise<ArchiveOutcome> {
  await takeAllTheTime(trx)
  await lockPublishing(trx, slug)
  // Read behind the lock: somebody may just have reopened it, or moved its last day.
  const row = await findPetitionRow(trx, slug)
  if (!row) return 'no such petition'
  const { id, tag_key: tagKey } = row
  if (!tagKey) return 'already archived'
  if (takesConfirmations({ tagKey, closesAt: closingOf(row) }, clock)) return 'not closed'
  if (await waitsForSealing(trx, id)) return 'not sealed'
  await eraseAllPending(trx, id)
  await setArchived(trx, id, clock.now())
  return 'archived'
}

export type DeleteOutcome =
  | 'deleted'
  | 'no such petition'
  /** Somebody signed it, even if they withdrew since: the public log has their entries. */
  | 'signed'
  /** Somebody was mailed a link that still confirms. */
  | 'waiting'

/**
 * Deletes a petition that nobody signed, with its texts and links. There is no way back. A signature
 * made at this very moment refers to the petition: the transaction then ends with a foreign key violation.
 */
export async function deletePetition(trx: Db, clock: Clock, slug: string): Promise<DeleteOutcome> {
  await lockPublishing(trx, slug)
  const row = await findPetitionRow(trx, slug)
  if (!row) return 'no such petition'
  if (await hasSignatures(trx, row.id)) return 'signed'
  const closing = { tagKey: row.tag_key, closesAt: closingOf(row) }
  if (takesConfirmations(closing, clock) && (await hasSubmissions(trx, row.id))) return 'waiting'
  await eraseAllPending(trx, row.id)
  await unsubscribeAll(trx, row.id)
  await deletePartnerLinks(trx, row.id)
  await forgetCounts(trx, row.id)
  await forgetPetitionInLog(trx, row.id)
  await deletePetitionRow(trx, row.id)
  return 'deleted'
}
