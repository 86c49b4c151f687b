import { neutraliseCell } from '../../export/neutralise-cell.ts'
import type { SignerRecord } from './sealed-record.ts'
import { splitName } from './split-name.ts'

/** The list's columns, the same from the command line and from the page. Pure, and free of Node. */

/** Conventional names: what other campaign tools import. The last two are our own. */
export const COLUMNS = [
  'first_name',
  'last_name',
  'name',
  'email',
  'country',
  'postcode',
  'comment',
  'display',
  'language',
  'signed_at',
  'confirmed_at',
  'source',
  'id',
  'log_index',
] as const

export type ListRow = Record<(typeof COLUMNS)[number], string>

/** What an opened record tells, and which entry of the public log its line says is its own. */
export interface Listed extends Omit<SignerRecord, 'r' | 'version' | 'slug'> {
  index: number | null
}

export function toListRow(record: Listed): ListRow {
  const { first, last } = splitName(record.name)
  return {
    first_name: first,
    last_name: last,
    name: record.name,
    email: record.email,
    country: record.country,
    postcode: record.postcode,
    comment: record.comment,
    display: record.display,
    language: record.language,
    signed_at: record.signedAt,
    confirmed_at: record.confirmedAt,
    source: record.source ?? '',
    id: record.id,
    log_index: record.index === null ? '' : String(record.index),
  }
}

/** For a spreadsheet, which is to run nothing that a signer typed: `=1+1` becomes `'=1+1`. */
export function toCells(record: Listed): string[] {
  const row = toListRow(record)
  return COLUMNS.map((column) => neutraliseCell(row[column]))
}
