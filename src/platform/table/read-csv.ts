import { ExpectedError } from '../expected-error.ts'

/** The file is no table: one line says where and why. */
export class TableError extends ExpectedError {}

export interface CsvRow {
  /** Of the line where it begins, from 1. */
  line: number
  cells: string[]
}

/** In UTF-16 units. Longer is a quote that nobody closed. */
const LONGEST_CELL = 100_000
const MOST_CELLS = 500

/**
 * Reads RFC 4180 and what programs make of it: any separator, lines that end in CRLF, LF or CR, line breaks and doubled
 * quotes within quotes. A quote in the middle of a cell is a letter. Rows come as soon as they are whole, so that
 * memory stays the same however long the file is. Empty lines are passed over.
 */
export function createCsvReader(separator: string) {
  let cells: string[] = []
  let cell = ''
  /** `closed`: behind a quote that ends the cell, or is the first of two. */
  let state: 'start' | 'plain' | 'quoted' | 'closed' = 'start'
  let line = 1
  let begun = 1
  let afterReturn = false

  function endCell() {
    cells.push(cell)
    cell = ''
    state = 'start'
    if (cells.length > MOST_CELLS) {
      throw new TableError(`line ${begun} has more than ${MOST_CELLS} cells: this is no table`)
    }
  }

  function endRow(rows: CsvRow[]) {
    endCell()
    if (cells.length > 1 || cells[0] !== '') rows.push({ line: begun, cells })
    cells = []
  }

  function addTo(letter: string) {
    cell += letter
    if (cell.length <= LONGEST_CELL) return
    throw new TableError(
      `line ${begun} has a cell of more than ${LONGEST_CELL} letters: a quote that opens there is never closed`,
    )
  }

  function take(letter: string, rows: CsvRow[]) {
    const isBreak = letter === '\n' || letter === '\r'
    const isSecond = letter === '\n' && afterReturn
    afterReturn = letter === '\r'
    if (isBreak && !isSecond) line++
    if (state === 'quoted') {
      if (letter === '"') state = 'closed'
      else addTo(letter)
    } else if (state === 'closed' && letter === '"') {
      addTo('"')
      state = 'quoted'
    } else if (state === 'start' && letter === '"') {
      state = 'quoted'
    } else if (letter === separator) {
      endCell()
    } else if (isBreak) {
      if (!isSecond) endRow(rows)
      begun = line
    } else {
      state = 'plain'
      addTo(letter)
    }
  }

  return {
    push(text: string): CsvRow[] {
      const rows: CsvRow[] = []
      for (let at = 0; at < text.length; at++) take(text[at]!, rows)
      return rows
    },
    /** Of a last line without an end. @throws TableError when it ends within quotes */
    end(): CsvRow[] {
      const rows: CsvRow[] = []
      if (state === 'quoted') {
        throw new TableError(
          `line ${begun} opens a quote that is never closed: the file is cut short, or was changed`,
        )
      }
      if (cell !== '' || cells.length > 0) endRow(rows)
      return rows
    },
  }
}

/** The sign that most often stands between the cells of the first line, outside quotes. */
export function guessSeparator(start: string): string {
  const [first = ''] = start.replace(/"[^"]*"/g, '').split(/[\r\n]/)
  const counted = ['\t', ';', ','].map((sign) => ({ sign, times: first.split(sign).length }))
  return counted.reduce((a, b) => (b.times > a.times ? b : a)).sign
}
