import { stringify } from 'csv-stringify/sync'

import { COLUMNS, toCells, toListRow } from '../../record/list-columns.ts'
import { toAudit } from './list-for-audit.ts'
import { toXlsx } from './list-xlsx.ts'
import type { Records } from './records.ts'

export const listFormats = ['csv', 'json', 'xlsx', 'audit'] as const
export type ListFormat = (typeof listFormats)[number]

/**
 * The list as a file's content, a share at a time: memory stays the same however long it is.
 *
 * @param petition its slug
 */
export const formatList: Readonly<
  Record<ListFormat, (records: Records, petition: string) => AsyncGenerator<string | Buffer>>
> = { csv: toCsv, json: toJson, xlsx: (records) => toXlsx(records), audit: toAudit }

/** UTF-8 without a byte order mark, for the reason that src/export/write-csv.ts gives. */
async function* toCsv(records: Records) {
  yield stringify([[...COLUMNS]])
  // A lone CR ends a line for some readers: RFC 4180 has it quoted, csv-stringify by itself has not.
  for await (const share of records) yield stringify(share.map(toCells), { quoted_match: /\r/ })
}

/** Exactly what was typed, and the fields that have no conventional column. */
async function* toJson(records: Records) {
  let separator = '[\n'
  for await (const share of records) {
    let text = ''
    for (const record of share) {
      const { updates, textVersion, consentVersion } = record
      const more = { updates, text_version: textVersion, consent_version: consentVersion }
      text += `${separator}${JSON.stringify({ ...toListRow(record), ...more })}`
      separator = ',\n'
    }
    yield text
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n'
}
