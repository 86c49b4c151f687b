import type { Counts, Format } from './count-file.ts'
import { toBook, toCsv } from './count-table.ts'

/** Media types, with the charset where it is text. */
export const mediaTypes: Readonly<Record<Format, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

/** The file's content in that format. */
export async function writeCounts(counts: Counts, format: Format): Promise<string | Buffer> {
  if (format === 'csv') return toCsv(counts)
  if (format === 'xlsx') return toBook(counts)
  return JSON.stringify(counts)
}
