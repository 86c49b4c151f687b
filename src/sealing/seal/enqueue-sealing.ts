import type { Db } from '../../database.ts'

/** Notes, in the transaction that confirms it, that a signature is to be sealed. */
export async function enqueueSealing(trx: Db, signatureId: string): Promise<void> {
  await trx.insertInto('sealing_queue').values({ signature_id: signatureId }).execute()
}
