import { type Cell, neutraliseCell, readWhen } from './cell.ts'

/**
 * The parts of a workbook (ECMA-376, part 1). Texts stand in their cells, as `inlineStr`: a table of
 * shared strings would have to be kept until the end.
 */
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const DOCUMENT = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

/** Characters; names and addresses mostly fit. */
const COLUMN_WIDTH = 22

export const sheetStart = (columns: number) =>
  `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols><col min="1" max="${columns}" width="${COLUMN_WIDTH}" customWidth="1"/></cols><sheetData>`
export const SHEET_END = '</sheetData></worksheet>'

/** Places in `cellXfs` of the styles below. */
const BOLD = 1
const DAY = 2
const MOMENT = 3

const MS_A_DAY = 86_400_000
/** Days from 1899-12-30, which spreadsheets count from, to 1970-01-01. */
const DAYS_BEFORE_1970 = 25_569

/** No table here has more columns than letters. */
const letterOf = (index: number) => String.fromCharCode(65 + index)

/** @param number of the row, from 1 */
export function toRow(cells: readonly Cell[], number: number, weight?: 'bold'): string {
  const xml = cells.map((cell, index) => toCell(cell, `${letterOf(index)}${number}`, weight))
  return `<row r="${number}">${xml.join('')}</row>`
}

function toCell(cell: Cell, reference: string, weight?: 'bold'): string {
  if (cell === null || cell === '') return ''
  if (typeof cell === 'number') return `<c r="${reference}"><v>${cell}</v></c>`
  const when = typeof cell === 'string' ? null : readWhen(cell)
  if (when) {
    const days = when.ms / MS_A_DAY + DAYS_BEFORE_1970
    return `<c r="${reference}" s="${when.isDay ? DAY : MOMENT}"><v>${days}</v></c>`
  }
  const text = neutraliseCell(typeof cell === 'string' ? cell : cell.at)
  const style = weight ? ` s="${BOLD}"` : ''
  return `<c r="${reference}"${style} t="inlineStr"><is><t xml:space="preserve">${escapeText(text)}</t></is></c>`
}

/** First come the parts by which file managers recognise a workbook. */
export const partsBefore = (): [name: string, xml: string][] => [
  [
    '_rels/.rels',
    `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ],
  [
    'xl/styles.xml',
    `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`,
  ],
]

/** The parts that name the sheets, once their number is known. */
export function partsAfter(title: string, sheets: number): [name: string, xml: string][] {
  const each = (of: (number: number) => string) =>
    Array.from({ length: sheets }, (_, index) => of(index + 1)).join('')
  const entries = each(
    (number) =>
      `<sheet name="${title}${number > 1 ? ` ${number}` : ''}" sheetId="${number}" r:id="rId${number}"/>`,
  )
  const links = each(
    (number) =>
      `<Relationship Id="rId${number}" Type="${DOCUMENT}/worksheet" Target="worksheets/sheet${number}.xml"/>`,
  )
  const types = each(
    (number) =>
      `<Override PartName="/xl/worksheets/sheet${number}.xml" ContentType="${TYPE}.worksheet+xml"/>`,
  )
  return [
    [
      'xl/workbook.xml',
      `${XML}<workbook xmlns="${MAIN}" xmlns:r="${DOCUMENT}"><sheets>${entries}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${XML}<Relationships xmlns="${PACKAGE}/relationships">${links}<Relationship Id="rId${sheets + 1}" Type="${DOCUMENT}/styles" Target="styles.xml"/></Relationships>`,
    ],
    [
      '[Content_Types].xml',
      `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/>${types}</Types>`,
    ],
  ]
}

/** XML has no way to write these; a form lets none of them through, a changed record might. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are replaced
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g
/** Excel reads `_x0041_` as the letter A (ECMA-376, ST_Xstring). */
const LOOKS_ESCAPED = /_(?=x[0-9A-Fa-f]{4}_)/g

function escapeText(text: string): string {
  return text
    .replace(FORBIDDEN, '\ufffd')
    .replace(LOOKS_ESCAPED, '_x005F_')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;')
}
