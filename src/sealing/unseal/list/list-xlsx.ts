import { strToU8, Zip, ZipDeflate } from 'fflate'
import { COLUMNS, toCells } from '../../record/list-columns.ts'
import { UnsealError } from '../unseal-error.ts'
import type { Records } from './records.ts'
import { partsAfter, partsBefore, SHEET_END, SHEET_START, toRow } from './sheet-xml.ts'

/** Excel's limit, the header among them. */
const ROWS_A_SHEET = 1_048_576
/** ZIP counts in 32 bits; so much is a list of some thirty million. */
const LARGEST_FILE = 0xffff_ffff
/** A sheet of a million long comments stays below that, too. */
const LARGEST_SHEET = 0x8000_0000
/** The levels above take twice the time for a tenth less. */
const LEVEL = 3

/**
 * A workbook, written as the records come: a few kB of it are in memory at a time. More rows than a
 * sheet takes go on in another. write-excel-file, which writes the counts, builds its book in memory,
 * some 3 kB a row; it zips with fflate, too.
 *
 * @throws UnsealError when it outgrows the format
 */
export async function* toXlsx(records: Records, rowsASheet = ROWS_A_SHEET): AsyncGenerator<Buffer> {
  const { add, begin, take } = createZip()
  for (const [name, xml] of partsBefore()) add(name, xml)
  let sheets = 0
  let sheet = startSheet()
  for await (const share of records) {
    let xml = ''
    for (const record of share) {
      if (sheet.rows === rowsASheet || sheet.bytes > LARGEST_SHEET) {
        sheet.write(xml)
        sheet.end()
        sheet = startSheet()
        xml = ''
      }
      xml += toRow(toCells(record), ++sheet.rows)
    }
    sheet.write(xml)
    yield take()
  }
  sheet.end()
  for (const [name, xml] of partsAfter(sheets)) add(name, xml)
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
    started.write(SHEET_START + toRow([...COLUMNS], 1, 'bold'))
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
    /** What was made since the last time. */
    take(last?: 'last'): Buffer {
      if (last) zip.end()
      if (size > LARGEST_FILE) {
        throw new UnsealError('the list is larger than an XLSX file can be: use --format csv')
      }
      const bytes = Buffer.concat(made)
      made = []
      return bytes
    },
  }
}
