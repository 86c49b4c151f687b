import type { Db } from '../../database.ts'

export interface SealedRow {
  signature_id: string
  /** A bigint; null while the published log has no entry of it. */
  index: string | null
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

/**
 * The next page after an id, in the order of the primary key: each page costs the same. The index is
 * looked up row by row; a join might be merged, reading all of log_place again for every page.
 *
 * @param published entries at the published checkpoint: an index beyond it is nobody's to check yet
 */
export async function listSealed(
  trx: Db,
  petitionId: number,
  { after, limit, published }: { after: string; limit: number; published: number },
): Promise<SealedRow[]> {
  return trx
    .selectFrom('sealed_record')
    .select((eb) => [
      'signature_id',
      'commitment',
      'sealed',
      eb
        .selectFrom('log_place')
        .select('log_place.index')
        .whereRef('log_place.signature_id', '=', 'sealed_record.signature_id')
        .where('log_place.index', '<', String(published))
        .as('index'),
    ])
    .where('petition_id', '=', petitionId)
    .where('signature_id', '>', after)
    .orderBy('signature_id')
    .limit(limit)
    .execute()
}
