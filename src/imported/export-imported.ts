import { sql } from 'kysely'
import type { Db } from '../database.ts'
import { BEFORE_EVERY_ID } from '../platform/random-id.ts'
import {
  EXPORT_FORMAT,
  type ExportHeader,
  formatExportLine,
} from '../sealing/record/export-file.ts'
import { WHOLE } from './tell-imported.ts'

const PAGE = 1000

/**
 * The file of sealed records that "unseal" opens, of whole batches: those whose number is told. None is in the log by
 * itself, so none has an index.
 */
export async function* exportImported(
  trx: Db,
  petition: { id: number; slug: string },
  now: Date,
): AsyncGenerator<string> {
  const { rows } = await sql<{ records: number }>`
    select count(*)::int as records from ${WHOLE} where i.petition_id = ${petition.id}`.execute(trx)
  const header: ExportHeader = {
    format: EXPORT_FORMAT,
    petition: petition.slug,
    checkpoint: null,
    records: rows[0]!.records,
    exportedAt: now.toISOString(),
  }
  yield `${JSON.stringify(header)}\n`
  for (let after = BEFORE_EVERY_ID; ; ) {
    const { rows: page } = await sql<{ id: string; commitment: Buffer; sealed: Buffer }>`
      select i.id, i.commitment, i.sealed from ${WHOLE}
       where i.petition_id = ${petition.id} and i.id > ${after}::uuid
       order by i.id limit ${PAGE}`.execute(trx)
    if (page.length === 0) return
    yield page.map((row) => `${formatExportLine({ ...row, index: null })}\n`).join('')
    after = page.at(-1)!.id
  }
}
