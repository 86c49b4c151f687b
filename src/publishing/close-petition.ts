import type { Db } from '../database.ts'
import {
  findPetitionRow,
  lockPublishing,
  setClosed,
  setReopened,
} from '../petition/petition-rows.ts'
import type { Petitions } from '../petition/petitions.ts'
import type { Clock } from '../platform/clock.ts'

/** Takes no more signatures from now on. Closing twice keeps the first time. @returns false when there is no such petition */
export async function closePetition(
  { db, clock, petitions }: { db: Db; clock: Clock; petitions: Petitions },
  slug: string,
): Promise<boolean> {
  const closed = await setClosed(db, slug, clock.now())
  petitions.drop()
  return closed
}

export type ReopenOutcome =
  | 'reopened'
  | 'no such petition'
  /** Its key is destroyed: who had signed could sign again. */
  | 'archived'
  | 'not closed'
  /** By the day that its files say, which publishing moves. */
  | 'closed by its day'

/** Undoes closing by hand. */
export async function reopenPetition(
  { db, clock, petitions }: { db: Db; clock: Clock; petitions: Petitions },
  slug: string,
): Promise<ReopenOutcome> {
  const outcome = await db.transaction().execute(async (trx): Promise<ReopenOutcome> => {
    await lockPublishing(trx, slug)
    const row = await findPetitionRow(trx, slug)
    if (!row) return 'no such petition'
    if (!row.tag_key) return 'archived'
    if (row.closes_at && row.closes_at <= clock.now()) return 'closed by its day'
    if (!row.closed_at) return 'not closed'
    await setReopened(trx, row.id, clock.now())
    return 'reopened'
  })
  petitions.drop()
  return outcome
}
