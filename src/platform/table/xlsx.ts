import { strToU8, Zip, ZipDeflate } from 'fflate'
import { concatBytes } from '../bytes.ts'
import type { Cell } from './cell.ts'
import { partsAfter, partsBefore, SHEET_END, sheetStart, toRow } from './sheet-xml.ts'

/** Excel's limit, the header among them. */
const ROWS_A_SHEET = 1_048_576
/** ZIP counts in 32 bits; so much is a list of some thirty million. */
const LARGEST_FILE = 0xffff_ffff
/** A sheet of a million long comments stays below that, too. */
const LARGEST_SHEET = 0x8000_0000
/** The levels above take twice the time for a tenth less. */
const LEVEL = 3

export class TableTooLargeError extends Error {
  override message = 'the list is larger than an XLSX file can be: use --format csv'
}

export interface Table {
  /** Of its sheets. */
  title: string
  columns: readonly string[]
  /** Some at a time. */
  rows: AsyncIterable<readonly Cell[][]> | Iterable<readonly Cell[][]>
}

/**
 * A workbook, written as the rows come: a few kB of it are in memory at a time. More rows than a sheet
 * takes go on in another. Pure, and free of Node.
 *
 * @throws TableTooLargeError when it outgrows the format
 */
export async function* toXlsx(
  { title, columns, rows }: Table,
  rowsASheet = ROWS_A_SHEET,
): AsyncGenerator<Uint8Array> {
  const { add, begin, take } = createZip()
  for (const [name, xml] of partsBefore()) add(name, xml)
  let sheets = 0
  let sheet = startSheet()
  for await (const share of rows) {
    let xml = ''
    for (const cells of share) {
      if (sheet.rows === rowsASheet || sheet.bytes > LARGEST_SHEET) {
        sheet.write(xml)
        sheet.end()
        sheet = startSheet()
        xml = ''
      }
      xml += toRow(cells, ++sheet.rows)
    }
    sheet.write(xml)
    yield take()
  }
  sheet.end()
  for (const [name, xml] of partsAfter(title, sheets)) add(name, xml)
  yield take('last')

  function startSheet() {
    const part = begin(`xl/worksheets/sheet${++sheets}.xml`)
    const started = {
      rows: 1,
      bytes: 0,
      write(xml: string) {
        const bytes = strToU8(xml)
        started.bytes += bytes.length
        part.push(bytes)
      },
      end: () => part.push(strToU8(SHEET_END), true),
    }
    started.write(sheetStart(columns.length) + toRow(columns, 1, 'bold'))
    return started
  }
}

function createZip() {
  let made: Uint8Array[] = []
  let size = 0
  const zip = new Zip((error, bytes) => {
    if (error) throw error
    made.push(bytes)
    size += bytes.length
  })
  const begin = (name: string) => {
    const part = new ZipDeflate(name, { level: LEVEL })
    zip.add(part)
    return part
  }
  return {
    begin,
    add: (name: string, xml: string) => begin(name).push(strToU8(xml), true),
    /** The bytes since the last call. */
    take(last?: 'last'): Uint8Array {
      if (last) zip.end()
      if (size > LARGEST_FILE) throw new TableTooLargeError()
      const bytes = concatBytes(...made)
      made = []
      return bytes
    },
  }
}
