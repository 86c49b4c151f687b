import type { Cell } from '../platform/table/cell.ts'
import { formatCsvRow } from '../platform/table/write-table.ts'
import { toXlsx } from '../platform/table/xlsx.ts'
import type { Counts } from './count-file.ts'

const columnsOf = ({ by }: Counts) => [by, 'signatures']

function rowsOf({ by, rows }: Counts): Cell[][] {
  const isTime = by === 'day' || by === 'hour'
  return rows.map(({ key, signatures }) => [isTime ? { at: key } : key, signatures])
}

/** UTF-8 with a header. No byte order mark, which scripts would find in the first column's name. */
export function toCsv(counts: Counts): string {
  return [columnsOf(counts), ...rowsOf(counts)].map(formatCsvRow).join('')
}

/** One sheet with the CSV's cells, in which days, hours (UTC) and signatures are no text. */
export async function toBook(counts: Counts): Promise<Buffer> {
  const table = { title: 'Signatures', columns: columnsOf(counts), rows: [rowsOf(counts)] }
  const parts: Uint8Array[] = []
  for await (const part of toXlsx(table)) parts.push(part)
  return Buffer.concat(parts)
}
