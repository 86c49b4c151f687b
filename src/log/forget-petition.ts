import type { Db } from '../database.ts'

/**
 * For a petition that nobody signed and that is taken away: what still waits for its place goes; what has
 * one, hashes of texts and keys, stays in the log for ever.
 */
export async function forgetPetitionInLog(trx: Db, petitionId: number): Promise<void> {
  await trx.deleteFrom('log_queue').where('petition_id', '=', petitionId).execute()
  await trx.deleteFrom('log_count').where('petition_id', '=', petitionId).execute()
}
