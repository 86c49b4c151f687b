import { sql } from 'kysely'
import type { Db } from '../database.ts'

export async function countSealed(trx: Db, petitionId: number): Promise<number> {
  const { count } = await trx
    .selectFrom('sealed_record')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('petition_id', '=', petitionId)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Some records as lines of an export file, and the id of the last of them. */
export interface SealedLines {
  lines: string
  last: string
}

/** Records a row: the first are read here while the database writes the others. */
const RECORDS_A_ROW = 200

/**
 * The next page after an id, in the order of the primary key: each page costs the same. PostgreSQL writes
 * the lines, as `formatExportLine` does: as columns they would come in hexadecimal, to be read and written
 * again one by one. The index is looked up row by row; a join might be merged, reading all of log_place
 * again for every page.
 *
 * @param published entries at the published checkpoint: an index beyond it is nobody's to check yet
 * @returns none after the last
 */
export async function listSealedLines(
  trx: Db,
  petitionId: number,
  { after, limit, published }: { after: string; limit: number; published: number },
): Promise<SealedLines[]> {
  const { rows } = await sql<SealedLines>`
    with page as (
      select signature_id, commitment, sealed,
             (row_number() over (order by signature_id) - 1) / ${RECORDS_A_ROW}::integer as part,
             (select index from log_place
               where log_place.signature_id = sealed_record.signature_id
                 and index < ${published}::bigint) as index
        from sealed_record
       where petition_id = ${petitionId} and signature_id > ${after}::uuid
       order by signature_id
       limit ${limit}
    )
    select (array_agg(signature_id order by signature_id desc))[1] as last,
           -- encode() breaks lines after 76 characters; a commitment has fewer.
           string_agg('{"id":"' || record_id(signature_id) || '","index":' || coalesce(index::text, 'null')
               || ',"commitment":"' || encode(commitment, 'base64')
               || '","sealed":"' || replace(encode(sealed, 'base64'), E'\n', '') || E'"}\n',
             '' order by signature_id) as lines
      from page group by part order by part`.execute(trx)
  return rows
}
