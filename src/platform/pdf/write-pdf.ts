import PDFDocument from 'pdfkit'
import { type Section, textsOf } from './blocks.ts'
import { drawBlocks } from './draw-blocks.ts'
import { cutFonts } from './fonts.ts'
import { createSheet, MARGIN, type Sheet } from './sheet.ts'

/** Digits of page numbers, list markers and the dots of what was cut off. */
const OWN_LETTERS = '0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹•…./ '

export interface PdfFile {
  title: string
  author: string
  made: Date
  sections: readonly Section[]
}

/**
 * A4, with its fonts embedded, and tagged: headings, lists, tables and alternatives of figures are told to programs
 * that read it aloud, with the language of each part.
 *
 * @throws MissingLettersError
 */
export async function writePdf({ title, author, made, sections }: PdfFile): Promise<Buffer> {
  const document = new PDFDocument({
    size: 'A4',
    margins: { top: MARGIN, bottom: MARGIN, left: MARGIN, right: MARGIN },
    pdfVersion: '1.7',
    lang: sections[0]!.language,
    tagged: true,
    displayTitle: true,
    autoFirstPage: false,
    bufferPages: true,
    font: null as unknown as string,
    info: { Title: title, Author: author, Creator: 'Undersigned', CreationDate: made },
  })
  const content = collect(document)
  const fonts = await cutFonts(
    {
      registerFont: (name, bytes) => document.registerFont(name, bytes),
      hasGlyph: (name, codePoint) => fontkitOf(document.font(name)).hasGlyphForCodePoint(codePoint),
    },
    `${textsOf(sections)}${OWN_LETTERS}`,
  )
  const root = document.struct('Document')
  document.addStructure(root)
  for (const section of sections) {
    const first = document.bufferedPageRange().count
    const sheet = createSheet(document, root, { fonts, language: section.language })
    drawBlocks(sheet, section.blocks)
    drawFooters(document, sheet, section, first)
  }
  root.end()
  document.end()
  return content
}

/** Decoration: programs that read aloud pass over it. */
function drawFooters(
  document: PDFKit.PDFDocument,
  sheet: Sheet,
  { footer }: Section,
  first: number,
): void {
  const pages = document.bufferedPageRange().count - first
  for (let page = 0; page < pages; page++) {
    document.switchToPage(first + page)
    document.markContent('Artifact', { type: 'Pagination' })
    sheet.drawFooter(footer(page + 1, pages))
    document.endMarkedContent()
  }
}

async function collect(document: PDFKit.PDFDocument): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of document as AsyncIterable<Buffer>) parts.push(part)
  return Buffer.concat(parts)
}

interface FontkitFont {
  hasGlyphForCodePoint(codePoint: number): boolean
}

const fontkitOf = (document: PDFKit.PDFDocument) =>
  (document as unknown as { _font: { font: FontkitFont } })._font.font
