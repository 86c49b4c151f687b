import { sql } from 'kysely'
import type { Db } from '../../database.ts'

/** Notes, in the transaction that confirms them, that signatures are to be sealed. */
export async function enqueueSealing(trx: Db, signatureIds: string[]): Promise<void> {
  await sql`
    insert into sealing_queue (signature_id)
    select * from unnest(${signatureIds}::bigint[])`.execute(trx)
}
