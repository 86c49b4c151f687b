import type { Db } from '../database.ts'
import type { TallyEvent } from './tally.table.ts'

export const DIRECT_SOURCE = 'direct'

/** What a signature is counted by. */
export interface Countable {
  petition_id: number
  confirmed_at: Date | null
  country: string | null
  language: string | null
  source: string | null
  ref: string | null
}

/**
 * Notes, in the transaction that made it so, that a signature was confirmed, withdrawn or voided. A
 * withdrawal must be noted before the row is erased, since it is taken off where it was added.
 */
export async function enqueueTally(
  trx: Db,
  signature: Countable,
  event: TallyEvent,
): Promise<void> {
  await trx
    .insertInto('tally_queue')
    .values({
      petition_id: signature.petition_id,
      event,
      confirmed_at: signature.confirmed_at!,
      country: signature.country!,
      language: signature.language!,
      source: signature.source ?? DIRECT_SOURCE,
      ref: signature.ref,
    })
    .execute()
}
