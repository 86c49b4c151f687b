import type { Db } from '../database.ts'

/** For a petition that is taken away: its links lead nowhere. */
export async function deletePartnerLinks(trx: Db, petitionId: number): Promise<void> {
  await trx.deleteFrom('partner_link').where('petition_id', '=', petitionId).execute()
}
