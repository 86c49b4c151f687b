import type { Db } from '../../database.ts'

export interface SealedRow {
  signature_id: string
  commitment: Buffer
  sealed: Buffer
}

export async function countSealed(trx: Db, petitionId: number): Promise<number> {
  const { count } = await trx
    .selectFrom('sealed_record')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('petition_id', '=', petitionId)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** The next page after an id, in the order of the primary key: each page costs the same. */
export async function listSealed(
  trx: Db,
  petitionId: number,
  { after, limit }: { after: string; limit: number },
): Promise<SealedRow[]> {
  return trx
    .selectFrom('sealed_record')
    .select(['signature_id', 'commitment', 'sealed'])
    .where('petition_id', '=', petitionId)
    .where('signature_id', '>', after)
    .orderBy('signature_id')
    .limit(limit)
    .execute()
}
