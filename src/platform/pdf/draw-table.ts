import type { BlankColumn } from './blocks.ts'
import { type Column, heightOf, type Sheet, spoken, TEXT_WIDTH, type TextStyle } from './sheet.ts'

const CELL: TextStyle = { size: 10 }
const HEAD: TextStyle = { size: 9, weight: 'bold' }
const PADDING = 3
/** A longer table may go on on the next page. */
const KEPT_WHOLE = 16
/** Figures need little: the first column takes the rest. */
const FIGURE_WIDTH = 110
/** Of a line to write on by hand: 9 mm. */
const BLANK_HEIGHT = 25.5
const FEWEST_BLANKS = 6

type Structure = ReturnType<Sheet['add']>

/** The first column names, the others hold figures. */
export function drawTable(
  sheet: Sheet,
  { columns, rows }: { columns: readonly string[]; rows: readonly (readonly string[])[] },
): void {
  const first = TEXT_WIDTH - (columns.length - 1) * FIGURE_WIDTH
  const places = columns.map((_, nth) =>
    nth === 0
      ? { from: 0, width: first }
      : { from: first + (nth - 1) * FIGURE_WIDTH, width: FIGURE_WIDTH },
  )
  const whole = (rows.length + 1) * (heightOf(CELL) + 2 * PADDING)
  if (rows.length <= KEPT_WHOLE) sheet.keepTogether(whole)
  const table = sheet.add(sheet.part, 'Table', {})
  drawRow(sheet, sheet.add(sheet.add(table, 'THead', {}), 'TR', {}), columns, places, HEAD)
  const body = sheet.add(table, 'TBody', {})
  for (const row of rows) drawRow(sheet, sheet.add(body, 'TR', {}), row, places, CELL)
  table.end()
  sheet.skip(8)
}

function drawRow(
  sheet: Sheet,
  row: Structure,
  cells: readonly string[],
  places: readonly Column[],
  style: TextStyle,
  figures = true,
): void {
  const wrapped = cells.map((cell, nth) => sheet.wrap(cell, style, places[nth]!.width - 6))
  const lines = Math.max(...wrapped.map(({ length }) => length))
  sheet.keepTogether(lines * heightOf(style) + 2 * PADDING)
  const top = sheet.y + PADDING
  cells.forEach((cell, nth) => {
    const scope = style === HEAD ? 'Column' : nth === 0 ? 'Row' : null
    sheet.moveTo(top)
    sheet.add(row, scope ? 'TH' : 'TD', { ...spoken(sheet, cell), ...(scope && { scope }) }, () =>
      sheet.drawLines(wrapped[nth]!, style, places[nth]!, figures && nth > 0),
    )
  })
  sheet.moveTo(top + lines * heightOf(style) + PADDING)
  decorate(sheet, () => sheet.drawRule(sheet.y))
}

/** Lines to be filled in by hand. */
export function drawBlankLines(
  sheet: Sheet,
  { columns }: { columns: readonly BlankColumn[] },
): void {
  const places: Column[] = []
  for (const { share } of columns) {
    const last = places.at(-1)
    places.push({ from: last ? last.from + last.width : 0, width: share * TEXT_WIDTH })
  }
  sheet.keepTogether(FEWEST_BLANKS * BLANK_HEIGHT)
  const table = sheet.add(sheet.part, 'Table', {})
  const headings = columns.map(({ heading }) => heading)
  drawRow(sheet, sheet.add(table, 'TR', {}), headings, places, HEAD, false)
  table.end()
  const top = sheet.y
  const rows = Math.floor(sheet.left / BLANK_HEIGHT)
  decorate(sheet, () => {
    for (let row = 1; row <= rows; row++) sheet.drawRule(top + row * BLANK_HEIGHT)
    for (const { from } of places.slice(1)) {
      const x = sheet.leftOf({ from: from - 4, width: 0 })
      sheet.document
        .moveTo(x, top)
        .lineTo(x, top + rows * BLANK_HEIGHT)
        .stroke()
    }
  })
  sheet.moveTo(top + rows * BLANK_HEIGHT)
}

function decorate(sheet: Sheet, draw: () => void): void {
  sheet.document.markContent('Artifact', { type: 'Layout' })
  draw()
  sheet.document.endMarkedContent()
}
