import { forgetCounts } from '../count/forget-counts.ts'
import type { Db } from '../database.ts'
import { forgetPetitionInLog } from '../log/forget-petition.ts'
import { deletePetitionRow, findPetitionRow, lockPublishing } from '../petition/petition.queries.ts'
import { closingOf, takesConfirmations } from '../petition/petition.ts'
import type { PetitionCache } from '../petition/petition-cache.ts'
import type { Clock } from '../platform/clock.ts'
import { deletePartnerLinks } from '../sharing/delete-partner-links.ts'
import { hasSignatures, hasSubmissions } from '../signature/reads.ts'
import { eraseAllPending } from '../signature/store/submissions.ts'
import { unsubscribeAll } from '../subscriber/store.ts'

const FOREIGN_KEY_VIOLATION = '23503'

export type DeleteOutcome =
  | 'deleted'
  | 'no such petition'
  /** Somebody signed it, be it that they left again: the public log has their entries. */
  | 'signed'
  /** Somebody was mailed a link that still confirms. */
  | 'waiting'

/** Takes away a petition that nobody signed, as if it had never been. There is no way back. */
export async function deletePetition(
  { db, clock, petitions }: { db: Db; clock: Clock; petitions: PetitionCache },
  slug: string,
): Promise<DeleteOutcome> {
  const removing = db.transaction().execute(async (trx): Promise<DeleteOutcome> => {
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
  })
  // Somebody signs at this very moment: their row refers to it, and everything is as it was.
  const outcome = await removing.catch((error: { code?: string }): DeleteOutcome => {
    if (error.code === FOREIGN_KEY_VIOLATION) return 'signed'
    throw error
  })
  petitions.drop()
  return outcome
}
