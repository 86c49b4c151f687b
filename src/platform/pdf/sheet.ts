import { isRightToLeft } from '../i18n/direction.ts'
import type { Fonts, Weight } from './fonts.ts'
import type { Direction, Run } from './order-runs.ts'
import { type Line, wrapLines } from './wrap-lines.ts'

type Document = PDFKit.PDFDocument
type Structure = PDFKit.PDFStructureElement

/** Points, 72 an inch; an A4 page has 595 by 842. */
export const MARGIN = 62
const FOOTER = 34
export const PAGE = { width: 595.28, height: 841.89 }
export const TEXT_WIDTH = PAGE.width - 2 * MARGIN
const INK = '#1c1c1c'
const FAINT = '#595959'
const RULE = '#9a9a9a'

export interface TextStyle {
  size: number
  weight?: Weight
  /** Of the size. */
  leading?: number
  isFaint?: boolean
}

export interface Column {
  /** From the side on which lines begin. */
  from: number
  width: number
}

export type Sheet = ReturnType<typeof createSheet>

/** The pages of a part, filled from top to bottom: where the next line goes, and on which page. */
export function createSheet(
  document: Document,
  root: Structure,
  { fonts, language }: { fonts: Fonts; language: string },
) {
  const direction: Direction = isRightToLeft(language) ? 'rtl' : 'ltr'
  const part = document.struct('Sect', { lang: language } as object)
  root.add(part)
  document.addPage()
  let y = MARGIN

  const measure = (size: number) => (run: Run) => {
    document.font(run.font.name).fontSize(size)
    return document.widthOfString(run.text, { features: [] })
  }

  return {
    document,
    part,
    direction,
    language,
    get y() {
      return y
    },
    /** Of the page, from where the next line goes to the margin. */
    get left() {
      return PAGE.height - MARGIN - y
    },
    skip(points: number) {
      y += points
    },
    moveTo(to: number) {
      y = to
    },
    /** Goes on on a new page unless so much is left on this one. */
    keepTogether(points: number) {
      if (points > PAGE.height - MARGIN - y) nextPage()
    },
    wrap: (text: string, style: TextStyle, width = TEXT_WIDTH): Line[] =>
      wrapLines(text, fonts[style.weight ?? 'regular'], {
        width,
        direction,
        measure: measure(style.size),
      }),
    /** Draws a line that begins anywhere; the next one goes where it went. */
    drawLineAt: (line: Line, style: TextStyle, x: number, baseline: number) =>
      writeLine(line, style, x, baseline),
    /** Draws lines from here on, on as many pages as they need. */
    drawLines(lines: readonly Line[], style: TextStyle, column: Column = WHOLE, atEnd = false) {
      for (const line of lines) {
        const height = heightOf(style)
        if (height > PAGE.height - MARGIN - y) nextPage()
        drawLine(line, style, column, { baseline: y + style.size, atEnd })
        y += height
      }
    },
    drawRule: (at: number, column: Column = WHOLE) => {
      const x = leftOf(column)
      document.lineWidth(0.5).strokeColor(RULE)
      document
        .moveTo(x, at)
        .lineTo(x + column.width, at)
        .stroke()
    },
    drawFooter(text: string) {
      const style: TextStyle = { size: 8.5, isFaint: true }
      const [line] = wrapLines(text, fonts.regular, {
        width: TEXT_WIDTH,
        direction,
        measure: measure(style.size),
      })
      if (line) drawLine(line, style, WHOLE, { baseline: PAGE.height - FOOTER, atEnd: false })
    },
    leftOf,
    /** An element of the part's structure, with what is drawn in it. */
    add: (parent: Structure, type: string, options: object, draw?: () => void): Structure => {
      const element = document.struct(type as never, options as never)
      parent.add(element)
      if (draw) element.add(draw)
      return element
    },
  }

  function nextPage() {
    document.continueOnNewPage()
    y = MARGIN
  }

  /** Right-to-left, columns begin at the right. */
  function leftOf({ from, width }: Column): number {
    return direction === 'rtl' ? PAGE.width - MARGIN - from - width : MARGIN + from
  }

  function drawLine(
    line: Line,
    style: TextStyle,
    column: Column,
    { baseline, atEnd }: { baseline: number; atEnd: boolean },
  ) {
    const left = leftOf(column)
    const from = (direction === 'rtl') === atEnd ? left : left + column.width - line.width
    writeLine(line, style, from, baseline)
  }

  function writeLine(line: Line, { size, isFaint }: TextStyle, from: number, baseline: number) {
    let x = from
    document.fillColor(isFaint ? FAINT : INK)
    const write = (name: string, text: string) => {
      document.font(name).fontSize(size)
      // Each run is placed by itself: pdfkit would order neither directions nor fonts.
      document.text(text, x, baseline, { lineBreak: false, baseline: 'alphabetic', features: [] })
    }
    for (const { font, text, width } of line.runs) {
      write(font.name, text)
      x += width
    }
    if (line.endsWord) write(fonts.regular[0]!.name, ' ')
  }
}

const WHOLE: Column = { from: 0, width: TEXT_WIDTH }

export const heightOf = ({ size, leading = 1.4 }: TextStyle) => size * leading

/** Right-to-left, the page holds letters as they are seen: programs that read aloud get them as they are written. */
export const spoken = ({ direction }: Pick<Sheet, 'direction'>, text: string): object =>
  direction === 'rtl' ? { actual: text } : {}
