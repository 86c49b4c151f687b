import { stringify } from 'csv-stringify/sync'
import writeXlsxFile from 'write-excel-file/node'
import { neutraliseCell } from '../../export/neutralise-cell.ts'
import type { SignerRecord } from '../record/sealed-record.ts'
import { COLUMNS, toListRow } from './list-columns.ts'
import { UnsealError } from './unseal-error.ts'

export const listFormats = ['csv', 'json', 'xlsx'] as const
export type ListFormat = (typeof listFormats)[number]

type Records = AsyncIterable<SignerRecord[]>

/** A sheet is built in memory, about 3 kB a row; CSV and JSON have no limit. */
const XLSX_ROWS = 200_000

/** The list as a file's content, streamed where the format allows. */
export const formatList: Record<ListFormat, (records: Records) => AsyncGenerator<string | Buffer>> =
  { csv: toCsv, json: toJson, xlsx: toXlsx }

async function* toCsv(records: Records) {
  yield stringify([[...COLUMNS]])
  for await (const share of records) yield stringify(share.map(toCells))
}

/** Exactly what was typed, and the fields that have no conventional column. */
async function* toJson(records: Records) {
  let separator = '[\n'
  for await (const share of records) {
    for (const record of share) {
      const { updates, textVersion, consentVersion } = record
      const more = { updates, text_version: textVersion, consent_version: consentVersion }
      yield `${separator}${JSON.stringify({ ...toListRow(record), ...more })}`
      separator = ',\n'
    }
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n'
}

async function* toXlsx(records: Records) {
  const rows: { value: string; type: StringConstructor; fontWeight?: 'bold' }[][] = [
    COLUMNS.map((value) => ({ value, type: String, fontWeight: 'bold' as const })),
  ]
  for await (const share of records) {
    for (const record of share) {
      rows.push(toCells(record).map((value) => ({ value, type: String })))
    }
    if (rows.length > XLSX_ROWS) {
      throw new UnsealError(
        `a sheet of more than ${XLSX_ROWS} rows takes more memory than most computers have: use --format csv, which spreadsheets open as well`,
      )
    }
  }
  yield await writeXlsxFile(rows, { sheet: 'Signers', stickyRowsCount: 1 }).toBuffer()
}

/** No spreadsheet runs what a signer typed. */
function toCells(record: SignerRecord): string[] {
  const row = toListRow(record)
  return COLUMNS.map((column) => neutraliseCell(row[column]))
}
