import type { Db } from '../database.ts'

/** For a petition that is taken away. */
export async function forgetCounts(trx: Db, petitionId: number): Promise<void> {
  await trx.deleteFrom('tally_queue').where('petition_id', '=', petitionId).execute()
  await trx.deleteFrom('tally').where('petition_id', '=', petitionId).execute()
  await trx.deleteFrom('log_tally').where('petition_id', '=', petitionId).execute()
}
