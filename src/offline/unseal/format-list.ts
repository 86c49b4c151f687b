import { writeJsonArray, writeTable } from '../../platform/table/write-table.ts'
import { TableTooLargeError } from '../../platform/table/xlsx.ts'
import { COLUMNS, toCells, toListRow } from '../../sealing/record/list-columns.ts'
import { formatOpenedEntry, OPENED_FORMAT } from '../../sealing/record/opened-file.ts'
import { type HandOver, type HandOverFormat, isHandOver, toHandOver } from './hand-over.ts'
import type { ListedRecord } from './open-records.worker.ts'
import { UnsealError } from './unseal-error.ts'

export const listFormats = ['csv', 'json', 'xlsx', 'audit'] as const
export type ListFormat = (typeof listFormats)[number]

/** The list, or a file for a mailing tool. */
export const formatRecords = (
  format: ListFormat | HandOverFormat,
  records: Records,
  about: { petition: string; handOver: HandOver | null },
): AsyncGenerator<string | Uint8Array> =>
  isHandOver(format)
    ? toHandOver(format, records, { petition: about.petition, handOver: about.handOver! })
    : formatList[format](records, about.petition)

/**
 * The list as a file's content, a share at a time: memory stays the same however long it is.
 *
 * @param petition its slug
 */
export const formatList: Readonly<
  Record<ListFormat, (records: Records, petition: string) => AsyncGenerator<string | Uint8Array>>
> = {
  csv: (records) => toTable('csv', records),
  json: (records) => toJson(records),
  xlsx: (records) => toTable('xlsx', records),
  audit: toAudit,
}

async function* toTable(format: 'csv' | 'xlsx', records: Records) {
  async function* rows() {
    for await (const share of records) yield share.map(toCells)
  }
  try {
    yield* writeTable(format, { title: 'Signers', columns: COLUMNS, rows: rows() })
  } catch (error) {
    throw error instanceof TableTooLargeError ? new UnsealError(error.message) : error
  }
}

/** Exactly as typed, with the fields that have no conventional column. */
const toJson = (records: Records) =>
  writeJsonArray(records, (record) => ({
    ...toListRow(record),
    text_version: record.textVersion,
    consent_version: record.consentVersion,
  }))

/** The only format that tells r: with it the auditor sees that the log committed to just this record. */
async function* toAudit(records: Records, petition: string): AsyncGenerator<string> {
  yield `${JSON.stringify({ format: OPENED_FORMAT, petition }).slice(0, -1)},"records":[`
  let separator = '\n'
  for await (const share of records) {
    let text = ''
    for (const record of share) {
      text += separator + formatOpenedEntry(record)
      separator = ',\n'
    }
    yield text
  }
  yield '\n]}\n'
}

/** A share of the list at a time. */
export type Records = AsyncIterable<ListedRecord[]>
