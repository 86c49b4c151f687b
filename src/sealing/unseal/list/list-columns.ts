import { neutraliseCell } from '../../../export/neutralise-cell.ts'
import type { SignerRecord } from '../../record/sealed-record.ts'

/** Conventional names: what other campaign tools import. */
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
] as const

/** A share of the list at a time. */
export type Records = AsyncIterable<SignerRecord[]>

export type ListRow = Record<(typeof COLUMNS)[number], string>

/**
 * People type one name; other tools want two. The last word counts as the family name, which is a
 * guess for many of the world's names: `name` is what was typed.
 */
export function toListRow(record: SignerRecord): ListRow {
  const words = record.name.split(' ')
  return {
    first_name: words.length > 1 ? words.slice(0, -1).join(' ') : record.name,
    last_name: words.length > 1 ? words.at(-1)! : '',
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
  }
}

/** For a spreadsheet, which is to run nothing that a signer typed: `=1+1` becomes `'=1+1`. */
export function toCells(record: SignerRecord): string[] {
  const row = toListRow(record)
  return COLUMNS.map((column) => neutraliseCell(row[column]))
}
