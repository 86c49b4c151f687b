import { sql } from 'kysely'
import type { Db } from '../database.ts'
import { findState } from '../log/store/log-state.ts'
import { BEFORE_EVERY_ID } from '../platform/random-id.ts'
import { EXPORT_FORMAT, type ExportHeader } from '../sealing/record/export-file.ts'

/** About 1 MB a page: memory stays the same however many records there are. */
const PAGE = 1000
/** Records a row: the first are read here while the database writes the others. */
const RECORDS_A_ROW = 200

/**
 * A petition's sealed records as the lines of an export file, header first, a page of records at a
 * time. Give it a transaction that sees one moment of the database: the header says how many follow, and
 * holds the checkpoint whose log the records' indexes are of.
 *
 * @param only ids of signatures; null for all
 */
export async function* readSealed(
  trx: Db,
  petition: { id: number; slug: string },
  now: Date,
  only: readonly string[] | null = null,
): AsyncGenerator<string> {
  const state = await findState(trx)
  const note = state?.publishedNote ?? null
  const published = state?.published ?? 0
  const header: ExportHeader = {
    format: EXPORT_FORMAT,
    petition: petition.slug,
    checkpoint: note && Buffer.from(note).toString(),
    records: await countSealed(trx, petition.id, only),
    exportedAt: now.toISOString(),
  }
  yield `${JSON.stringify(header)}\n`
  const listPage = (after: string) =>
    listSealedLines(trx, petition.id, { after, limit: PAGE, published, only })
  let page = await listPage(BEFORE_EVERY_ID)
  while (page.length > 0) {
    // The database writes the next page while this one goes to the file.
    const next = listPage(page.at(-1)!.last)
    next.catch(() => {})
    for (const { lines } of page) yield lines
    page = await next
  }
}

async function countSealed(
  trx: Db,
  petitionId: number,
  only: readonly string[] | null,
): Promise<number> {
  const { count } = await trx
    .selectFrom('sealed_record')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('petition_id', '=', petitionId)
    .$if(only !== null, (query) =>
      query.where('signature_id', '=', sql<string>`any (${only}::uuid[])`),
    )
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Some records as lines of an export, and the id of the last of them. */
interface SealedLines {
  lines: string
  last: string
}

/**
 * The next page after an id, in the order of the primary key: each page costs the same. PostgreSQL writes
 * the lines, as `formatExportLine` does: as columns they would come in hexadecimal, to be read and written
 * again one by one. The index is looked up row by row; a join might be merged, reading all of log_place
 * again for every page.
 *
 * @param published entries at the published checkpoint: an index beyond it can't be checked yet
 * @returns none after the last
 */
async function listSealedLines(
  trx: Db,
  petitionId: number,
  {
    after,
    limit,
    published,
    only,
  }: { after: string; limit: number; published: number; only: readonly string[] | null },
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
         and ${only ? sql`signature_id = any (${only}::uuid[])` : sql`true`}
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
