import { sql } from 'kysely'
import type { Db } from '../../database.ts'

export interface SealedSignature {
  petitionId: number
  id: string
  commitment: Uint8Array
  sealed: Uint8Array
}

/** The readable copy goes in the statement that brings the sealed one. */
export async function replaceDetails(trx: Db, records: SealedSignature[]): Promise<void> {
  await sql`
    with dropped as (
      delete from submission where id = any (${records.map(({ id }) => id)}::uuid[])
    )
    insert into sealed_record (petition_id, signature_id, commitment, sealed)
    select * from unnest(
      ${records.map(({ petitionId }) => petitionId)}::integer[],
      ${records.map(({ id }) => id)}::uuid[],
      ${records.map(({ commitment }) => Buffer.from(commitment))}::bytea[],
      ${records.map(({ sealed }) => Buffer.from(sealed))}::bytea[])`.execute(trx)
}

/** The commitment's blinding is sealed with the rest and goes with it. No key is needed. */
export async function eraseSealed(trx: Db, petitionId: number, id: string): Promise<void> {
  await trx
    .deleteFrom('sealed_record')
    .where('petition_id', '=', petitionId)
    .where('signature_id', '=', id)
    .execute()
}

/** By signature. */
export async function readCommitments(
  db: Db,
  petitionId: number,
  ids: string[],
): Promise<Map<string, Buffer>> {
  const rows = await db
    .selectFrom('sealed_record')
    .select(['signature_id', 'commitment'])
    .where('petition_id', '=', petitionId)
    .where('signature_id', '=', sql<string>`any (${ids}::uuid[])`)
    .execute()
  return new Map(rows.map((row) => [row.signature_id, row.commitment]))
}
