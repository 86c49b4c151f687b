import { sql } from 'kysely'
import type { Db } from '../../database.ts'

export async function countSealed(trx: Db, petitionId: number): Promise<number> {
  const { count } = await trx
    .selectFrom('sealed_record')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('petition_id', '=', petitionId)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Records as lines of an export file, and the id of the last of them. */
export interface SealedPage {
  lines: string
  last: string
}

/**
 * The next page after an id, in the order of the primary key: each page costs the same. PostgreSQL writes
 * the lines, as `formatExportLine` does: as rows they would come in hexadecimal, to be read and written
 * again one by one. The index is looked up row by row; a join might be merged, reading all of log_place
 * again for every page.
 *
 * @param published entries at the published checkpoint: an index beyond it is nobody's to check yet
 * @returns null after the last
 */
export async function findSealedPage(
  trx: Db,
  petitionId: number,
  { after, limit, published }: { after: string; limit: number; published: number },
): Promise<SealedPage | null> {
  const { rows } = await sql<SealedPage | { lines: null; last: null }>`
    with page as (
      select signature_id, commitment, sealed,
             (select index from log_place
               where log_place.signature_id = sealed_record.signature_id
                 and index < ${published}::bigint) as index
        from sealed_record
       where petition_id = ${petitionId} and signature_id > ${after}::bigint
       order by signature_id
       limit ${limit}
    )
    select max(signature_id) as last,
           -- encode() breaks lines after 76 characters; a commitment has fewer.
           string_agg('{"id":"' || signature_id || '","index":' || coalesce(index::text, 'null')
               || ',"commitment":"' || encode(commitment, 'base64')
               || '","sealed":"' || replace(encode(sealed, 'base64'), E'\n', '') || E'"}\n',
             '' order by signature_id) as lines
      from page`.execute(trx)
  const page = rows[0]!
  return page.lines === null ? null : page
}
