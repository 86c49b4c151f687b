import type { Db } from '../database.ts'
import { findPetitionRow, lockPublishing, setArchived } from '../petition/petition.queries.ts'
import { closingOf, takesConfirmations } from '../petition/petition.ts'
import type { PetitionCache } from '../petition/petition-cache.ts'
import type { Clock } from '../platform/clock.ts'
import { takeAllTheTime } from '../platform/database/take-all-the-time.ts'
import { waitsForSealing } from '../signature/reads.ts'
import { eraseAllPending } from '../signature/store/submissions.ts'

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
  { db, clock, petitions }: { db: Db; clock: Clock; petitions: PetitionCache },
  slug: string,
): Promise<ArchiveOutcome> {
  const outcome = await db.transaction().execute(async (trx): Promise<ArchiveOutcome> => {
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
  })
  petitions.drop()
  return outcome
}
