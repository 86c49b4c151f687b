import type { Cell } from './cell.ts'
import { neutraliseCell } from './neutralise-cell.ts'

/**
 * Excel takes a file without it for one in the machine's own 8-bit code. Scripts find it in the first
 * column's name: it goes before what a person saves for a spreadsheet, and before nothing else.
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
