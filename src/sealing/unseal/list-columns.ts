import type { SignerRecord } from '../record/sealed-record.ts'

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
