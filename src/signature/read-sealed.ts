import type { Db } from '../database.ts'
import { findState } from '../log/store/log-state.ts'
import { BEFORE_EVERY_ID } from '../platform/random-id.ts'
import { EXPORT_FORMAT, type ExportHeader } from '../sealing/record/export-file.ts'
import { countSealed, listSealedLines } from './sealed-record.queries.ts'

/** About 1 MB a page: memory stays the same however many records there are. */
const PAGE = 1000

/**
 * A petition's sealed records as the lines of an export file, header first, a page of records at a
 * time. Give it a transaction that sees one moment of the database: the header says how many follow, and
 * holds the checkpoint whose log the records' indexes are of.
 */
export async function* readSealed(
  trx: Db,
  petition: { id: number; slug: string },
  now: Date,
): AsyncGenerator<string> {
  const state = await findState(trx)
  const note = state?.publishedNote ?? null
  const published = state?.published ?? 0
  const header: ExportHeader = {
    format: EXPORT_FORMAT,
    petition: petition.slug,
    checkpoint: note && Buffer.from(note).toString(),
    records: await countSealed(trx, petition.id),
    exportedAt: now.toISOString(),
  }
  yield `${JSON.stringify(header)}\n`
  const listPage = (after: string) =>
    listSealedLines(trx, petition.id, { after, limit: PAGE, published })
  let page = await listPage(BEFORE_EVERY_ID)
  while (page.length > 0) {
    // The database writes the next page while this one goes to the file.
    const next = listPage(page.at(-1)!.last)
    next.catch(() => {})
    for (const { lines } of page) yield lines
    page = await next
  }
}
