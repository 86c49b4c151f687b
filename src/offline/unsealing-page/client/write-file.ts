import { BYTE_ORDER_MARK, formatCsvRow } from '../../../platform/table/write-table.ts'
import { toXlsx } from '../../../platform/table/xlsx.ts'
import { COLUMNS, toCells } from '../../../sealing/record/list-columns.ts'
import type { Signer } from './open-batch.ts'

/** What the list can be saved as, and its media type. */
const FILE_TYPES = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv;charset=utf-8',
} as const
export type FileType = keyof typeof FILE_TYPES

/** A string of a million rows would be larger than browsers allow; a file made of parts need not be. */
const ROWS_A_PART = 1_000

/** Whoever saves from a page opens the file in a spreadsheet: the CSV begins with a byte order mark. */
export async function writeFile(signers: readonly Signer[], type: FileType): Promise<Blob> {
  const parts: BlobPart[] = []
  if (type === 'csv') {
    parts.push(BYTE_ORDER_MARK + formatCsvRow(COLUMNS))
    for await (const rows of inParts(signers)) parts.push(rows.map(formatCsvRow).join(''))
  } else {
    const table = { title: 'Signers', columns: COLUMNS, rows: inParts(signers) }
    for await (const part of toXlsx(table)) parts.push(part as BlobPart)
  }
  return new Blob(parts, { type: FILE_TYPES[type] })
}

/** Between two parts the page can be used: a long list takes some seconds. */
async function* inParts(signers: readonly Signer[]) {
  for (let at = 0; at < signers.length; at += ROWS_A_PART) {
    yield signers.slice(at, at + ROWS_A_PART).map(toCells)
    await new Promise((resolve) => setTimeout(resolve))
  }
}
