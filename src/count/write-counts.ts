import type { Cell } from '../platform/table/cell.ts'
import { formatCsvRow } from '../platform/table/write-table.ts'
import { toXlsx } from '../platform/table/xlsx.ts'
import type { Breakdown, CountRow } from './read-counts.ts'

/** The signatures of one petition by one breakdown, the same in every format. */
export interface CountTable {
  slug: string
  by: Breakdown
  rows: CountRow[]
  /** The sum of the rows. */
  counted: number
  generatedAt: Date
}

export const formats = ['csv', 'json', 'xlsx'] as const
export type Format = (typeof formats)[number]

/** Media types, with the charset where it is text. */
export const mediaTypes: Readonly<Record<Format, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

export const sumRows = (rows: CountRow[]): number =>
  rows.reduce((sum, row) => sum + row.signatures, 0)

/** The file's content in that format. */
export async function writeCounts(counts: CountTable, format: Format): Promise<string | Buffer> {
  if (format === 'csv') return toCsv(counts)
  if (format === 'xlsx') return toBook(counts)
  return JSON.stringify(counts)
}

/** UTF-8 with a header. No byte order mark, which scripts would find in the first column's name. */
export function toCsv(counts: CountTable): string {
  return [columnsOf(counts), ...rowsOf(counts)].map(formatCsvRow).join('')
}

/** One sheet with the CSV's cells, in which days, hours (UTC) and signatures are typed values, not text. */
async function toBook(counts: CountTable): Promise<Buffer> {
  const table = { title: 'Signatures', columns: columnsOf(counts), rows: [rowsOf(counts)] }
  const parts: Uint8Array[] = []
  for await (const part of toXlsx(table)) parts.push(part)
  return Buffer.concat(parts)
}

const columnsOf = ({ by }: CountTable) => [by, 'signatures']

function rowsOf({ by, rows }: CountTable): Cell[][] {
  const isTime = by === 'day' || by === 'hour'
  return rows.map(({ key, signatures }) => [isTime ? { at: key } : key, signatures])
}
