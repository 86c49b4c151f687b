import type { Counts, Format } from './counts.ts'
import { writeCsv } from './write-csv.ts'

/** Media types, with the charset where it is text. */
export const mediaTypes: Readonly<Record<Format, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

/** The file's content in that format. */
export async function writeCounts(counts: Counts, format: Format): Promise<string | Buffer> {
  if (format === 'csv') return writeCsv(counts)
  // Loaded when it is asked for: it is large, and most files are CSV.
  if (format === 'xlsx') return (await import('./write-xlsx.ts')).writeXlsx(counts)
  return JSON.stringify(counts)
}
