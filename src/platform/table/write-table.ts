import { type Cell, neutraliseCell } from './cell.ts'
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

const toJson = ({ columns, rows }: Table) =>
  writeJsonArray(rows, (cells) =>
    Object.fromEntries(columns.map((name, at) => [name, plain(cells[at]!)])),
  )

/** An array, an element a line. @param shares some elements at a time */
export async function* writeJsonArray<T>(
  shares: AsyncIterable<readonly T[]> | Iterable<readonly T[]>,
  toObject: (element: T) => object,
): AsyncGenerator<string, void> {
  let separator = '[\n'
  for await (const share of shares) {
    let text = ''
    for (const element of share) {
      text += `${separator}${JSON.stringify(toObject(element))}`
      separator = ',\n'
    }
    yield text
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n'
}

const plain = (cell: Cell) => (typeof cell === 'object' && cell !== null ? cell.at : cell)

/**
 * Excel takes a file without it for one in the machine's own 8-bit code. Scripts find it in the first
 * column's name: it goes before a file that a person saves for a spreadsheet, and before nothing else.
 */
export const BYTE_ORDER_MARK = '\ufeff'

/** RFC 4180, section 2: lines end in CRLF, and what a reader could take for a part of the form is quoted. */
export function formatCsvRow(cells: readonly Cell[]): string {
  return `${cells.map(formatCell).join(',')}\r\n`
}

function formatCell(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const text = neutraliseCell(typeof cell === 'string' ? cell : cell.at)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
