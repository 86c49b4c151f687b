import type { Cell } from '../../platform/table/cell.ts'
import type { SignerRecord } from './sealed-record.ts'

/** The list's columns, the same from the command line and from the page. Pure, and free of Node. */

/** Conventional names, which other campaign tools import. The last three are our own. */
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
  'updates_list',
] as const

export type ListRow = Record<(typeof COLUMNS)[number], string>

/**
 * Replaces the wish for updates, which sealed records hold as it was at signing and for ever: somebody
 * who has left the list since would get mail because of an old wish.
 */
const UPDATES_LIST = 'see: undersigned subscriber export'

/** An opened record, and the index of its entry in the public log as its line says. */
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
    updates_list: UPDATES_LIST,
  }
}

/** For a table, which knows times and numbers from text. */
export function toCells(record: Listed): Cell[] {
  const row = toListRow(record)
  const typed: Partial<Record<(typeof COLUMNS)[number], Cell>> = {
    signed_at: { at: row.signed_at },
    confirmed_at: { at: row.confirmed_at },
    log_index: record.index,
  }
  return COLUMNS.map((column) => {
    const cell = typed[column]
    return cell === undefined ? row[column] : cell
  })
}

/**
 * A name for tools that want it in two: the last word is the last name, everything before it the first.
 * A guess, wrong for many of the world's names; the whole name stands beside it.
 */
export function splitName(name: string): { first: string; last: string } {
  const words = name.split(' ')
  const last = words.length > 1 ? words.pop()! : ''
  return { first: words.join(' '), last }
}
