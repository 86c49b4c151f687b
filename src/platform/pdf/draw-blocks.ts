import { fitValue } from '../i18n/fit-value.ts'
import type { Block, ParagraphStyle, QrBlock } from './blocks.ts'
import { drawLargeQr, drawStrips } from './draw-poster.ts'
import { drawQr, quietZone } from './draw-qr.ts'
import { drawBlankLines, drawTable } from './draw-table.ts'
import { heightOf, type Sheet, spoken, TEXT_WIDTH, type TextStyle } from './sheet.ts'

const HEADINGS: Readonly<Record<1 | 2 | 3, TextStyle>> = {
  1: { size: 21, weight: 'bold', leading: 1.2 },
  2: { size: 13.5, weight: 'bold', leading: 1.3 },
  3: { size: 11, weight: 'bold' },
}
const PARAGRAPHS: Readonly<Record<ParagraphStyle, TextStyle>> = {
  plain: { size: 10.5 },
  lead: { size: 13 },
  small: { size: 9, isFaint: true },
  code: { size: 8.5, leading: 1.3 },
}
const AFTER = 6
/** Lines of text that a heading takes to the next page with it. */
const WITH_HEADING = 48
const INDENT = 16
const QR_SIZE = 84

export function drawBlocks(sheet: Sheet, blocks: readonly Block[]): void {
  for (const block of blocks) drawBlock(sheet, block)
  sheet.part.end()
}

function drawBlock(sheet: Sheet, block: Block): void {
  switch (block.kind) {
    case 'heading':
      drawHeading(sheet, block)
      break
    case 'paragraph':
      drawParagraph(sheet, block.text, PARAGRAPHS[block.style ?? 'plain'])
      break
    case 'list':
      drawList(sheet, block.items, block.isOrdered ?? false)
      break
    case 'table':
      drawTable(sheet, block)
      break
    case 'qr':
      if (block.points) drawLargeQr(sheet, { ...block, points: block.points })
      else drawQrBlock(sheet, block)
      break
    case 'strips':
      drawStrips(sheet, block)
      break
    case 'blank-lines':
      drawBlankLines(sheet, block)
      break
  }
}

function drawHeading(
  sheet: Sheet,
  { level, text, size }: { level: 1 | 2 | 3; text: string; size?: number },
): void {
  const style = size ? { ...HEADINGS[level], size } : HEADINGS[level]
  const lines = sheet.wrap(text, style)
  if (level > 1) sheet.skip(10)
  sheet.keepTogether(lines.length * heightOf(style) + WITH_HEADING)
  sheet.add(sheet.part, `H${level}`, spoken(sheet, text), () => sheet.drawLines(lines, style)).end()
  sheet.skip(size ? 2 * AFTER : level === 1 ? AFTER : 3)
}

function drawParagraph(sheet: Sheet, text: string, style: TextStyle): void {
  const lines = sheet.wrap(text, style)
  sheet.add(sheet.part, 'P', spoken(sheet, text), () => sheet.drawLines(lines, style)).end()
  sheet.skip(AFTER)
}

function drawList(sheet: Sheet, items: readonly string[], isOrdered: boolean): void {
  const style = PARAGRAPHS.plain
  const body = { from: INDENT, width: TEXT_WIDTH - INDENT }
  const list = sheet.add(sheet.part, 'L', {})
  items.forEach((item, nth) => {
    const lines = sheet.wrap(item, style, body.width)
    sheet.keepTogether(heightOf(style))
    const row = sheet.add(list, 'LI', {})
    const label = isOrdered ? `${fitValue(nth + 1, sheet.language)}.` : '•'
    const at = sheet.y
    sheet.add(row, 'Lbl', {}, () =>
      sheet.drawLines(sheet.wrap(label, style, INDENT), style, { from: 0, width: INDENT }),
    )
    sheet.moveTo(at)
    sheet.add(row, 'LBody', spoken(sheet, item), () => sheet.drawLines(lines, style, body))
    sheet.skip(2)
  })
  list.end()
  sheet.skip(AFTER - 2)
}

function drawQrBlock(sheet: Sheet, { value, alt, texts }: QrBlock): void {
  const style = PARAGRAPHS.plain
  const beside = { from: QR_SIZE + 20, width: TEXT_WIDTH - QR_SIZE - 20 }
  const paragraphs = texts.map((text) => ({ text, lines: sheet.wrap(text, style, beside.width) }))
  const words = paragraphs.reduce(
    (sum, { lines }) => sum + lines.length * heightOf(style) + AFTER,
    0,
  )
  sheet.keepTogether(Math.max(QR_SIZE, words) + 2 * quietZone(QR_SIZE))
  sheet.skip(quietZone(QR_SIZE))
  const top = sheet.y
  const x = sheet.leftOf({ from: 0, width: QR_SIZE })
  const box = [x, top, x + QR_SIZE, top + QR_SIZE]
  sheet
    .add(sheet.part, 'Figure', { alt, bbox: box }, () =>
      drawQr(sheet.document, value, { x, y: top, size: QR_SIZE }),
    )
    .end()
  for (const { text, lines } of paragraphs) {
    sheet
      .add(sheet.part, 'P', spoken(sheet, text), () => sheet.drawLines(lines, style, beside))
      .end()
    sheet.skip(AFTER)
  }
  sheet.moveTo(Math.max(sheet.y, top + QR_SIZE + quietZone(QR_SIZE)))
}
