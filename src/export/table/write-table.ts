import type { Cell } from './cell.ts'
import { formatCsvRow } from './csv.ts'
import { type Table, toXlsx } from './xlsx.ts'

export const tableFormats = ['csv', 'json', 'xlsx'] as const
export type TableFormat = (typeof tableFormats)[number]

/**
 * A table as a file's content, a share at a time. CSV is UTF-8 without a byte order mark, which scripts
 * would find in the first column's name; JSON is an array of objects, with texts as they are.
 */
export function writeTable(
  format: TableFormat,
  table: Table,
): AsyncGenerator<string | Uint8Array, void> {
  return format === 'xlsx' ? toXlsx(table) : format === 'csv' ? toCsv(table) : toJson(table)
}

async function* toCsv({ columns, rows }: Table) {
  yield formatCsvRow(columns)
  for await (const share of rows) yield share.map(formatCsvRow).join('')
}

async function* toJson({ columns, rows }: Table) {
  let separator = '[\n'
  for await (const share of rows) {
    let text = ''
    for (const cells of share) {
      text += `${separator}${JSON.stringify(Object.fromEntries(columns.map((name, at) => [name, plain(cells[at]!)])))}`
      separator = ',\n'
    }
    yield text
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n'
}

const plain = (cell: Cell) => (typeof cell === 'object' && cell !== null ? cell.at : cell)
