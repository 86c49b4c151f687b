import { takeAllTheTime } from '../../platform/database/take-all-the-time.ts'
import { waitsForSealing } from '../../sealing/seal/waits-for-sealing.ts'
import type { Services } from '../../services.ts'
import { eraseAllPending } from '../../signature/mail/remind-pending.ts'
import { findPetitionRow, lockPublishing, setArchived } from '../petition.queries.ts'
import { takesConfirmations } from '../petition.ts'

export type ArchiveOutcome =
  | 'archived'
  | 'no such petition'
  | 'already archived'
  /** Open, or closed for less than a day: mails under way may still be confirmed. */
  | 'not closed'
  /** The worker hasn't sealed everything yet. */
  | 'not sealed'

/**
 * Destroys the key that ties a closed petition's signatures to addresses, and erases what was never
 * confirmed. From then on nobody can test whether an address has signed, nor be mailed a link to
 * withdraw. There is no way back, though a backup holds the key until it is deleted itself.
 */
export async function archivePetition(
  { db, clock, petitions }: Pick<Services, 'db' | 'clock' | 'petitions'>,
  slug: string,
): Promise<ArchiveOutcome> {
  const petition = await petitions.find(slug)
  if (!petition) return 'no such petition'
  if (!petition.closesAt || takesConfirmations(petition, clock)) {
    return petition.tagKey ? 'not closed' : 'already archived'
  }
  const outcome = await db.transaction().execute(async (trx): Promise<ArchiveOutcome> => {
    await takeAllTheTime(trx)
    await lockPublishing(trx, slug)
    if (!(await findPetitionRow(trx, slug))?.tag_key) return 'already archived'
    if (await waitsForSealing(trx, petition.id)) return 'not sealed'
    await eraseAllPending(trx, petition.id)
    await setArchived(trx, petition.id, clock.now())
    return 'archived'
  })
  petitions.drop()
  return outcome
}
