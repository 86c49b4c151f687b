import writeXlsxFile from 'write-excel-file/node'
import type { Counts } from './counts.ts'
import { neutraliseCell } from './neutralise-cell.ts'

/** Characters: a column must hold an hour or most partners' names. */
const COLUMNS = [{ width: 24 }, { width: 12 }]

/**
 * One sheet with the CSV's cells; signatures are numbers. Built in memory: breakdowns are short (an
 * hour of a petition's life is about 20 bytes here).
 */
export async function writeXlsx({ by, rows }: Counts): Promise<Buffer> {
  const header = [by, 'signatures'].map((value) => ({
    value,
    type: String,
    fontWeight: 'bold' as const,
  }))
  const body = rows.map(({ key, signatures }) => [
    { value: neutraliseCell(key), type: String },
    { value: signatures, type: Number },
  ])
  const sheet = { sheet: 'Signatures', columns: COLUMNS, stickyRowsCount: 1 }
  return writeXlsxFile([header, ...body], sheet).toBuffer()
}
