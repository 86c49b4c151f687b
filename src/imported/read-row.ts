import { cleanAddress, findAddressProblem } from '../platform/address/check-address.ts'
import { type EmailAddress, parseEmail } from '../platform/address/email-address.ts'
import { hasOverride, stripUnseen } from '../platform/strip-unseen.ts'
import type { CsvRow } from '../platform/table/read-csv.ts'
import type { Field } from './headings.ts'
import type { Columns, Origin } from './map-columns.ts'
import { readCountry, UNKNOWN_COUNTRY } from './read-country.ts'
import { readDate } from './read-date.ts'

/** In code points, as of the form. */
const LONGEST_NAME = 100
const LONGEST_POSTCODE = 16
const LONGEST_COMMENT = 500
/** A tag such as `de` or `pt-BR`. Of a language's name the first two letters may be another one's: Estonian, Kazakh. */
const LANGUAGE = /^([a-z]{2,3})(?:[-_]|$)/i

/** Somebody who signed elsewhere. */
export interface Person {
  line: number
  name: string
  email: EmailAddress
  country: string
  postcode: string
  comment: string
  /** BCP 47, as the file says; empty where it doesn't. */
  language: string
  /** A day; empty where it is not known. */
  signedOn: string
}

/** Why a row is not taken. It quotes nothing of the row. */
export type RowProblem =
  | 'has no name'
  | 'has a name of more than 100 letters'
  | 'has a name with characters that reverse text'
  | 'has no e-mail address'
  | 'has no e-mail address that mail can reach'
  | 'has more cells than the first line'

/** What of a good row could not be read: the row is taken without it. */
export type Unread = 'country' | 'date' | 'comment'

export type ReadRow = { person: Person; unread: Unread[] } | { line: number; problem: RowProblem }

export function readRow(row: CsvRow, columns: Columns, origin: Origin): ReadRow {
  const { line, cells } = row
  const refuse = (problem: RowProblem) => ({ line, problem })
  if (
    cells.length > columns.understood.length &&
    cells.slice(columns.understood.length).some(Boolean)
  )
    return refuse('has more cells than the first line')
  const text = (field: Field) => clean(cells[columns.at.get(field) ?? -1] ?? '')
  const name = text('name') || clean(`${text('first')} ${text('last')}`)
  const address = cleanAddress(text('email'))
  const problem = findAddressProblem(address)
  if (problem === 'missing') return refuse('has no e-mail address')
  const email = parseEmail(address)
  if (problem || !email) return refuse('has no e-mail address that mail can reach')
  if (!/\p{L}/u.test(name)) return refuse('has no name')
  if (lengthOf(name) > LONGEST_NAME) return refuse('has a name of more than 100 letters')
  if (hasOverride(name)) return refuse('has a name with characters that reverse text')
  const country = readCountry(text('country'))
  const signedOn = readDate(text('date'), origin)
  const comment = text('comment')
  const isLong = lengthOf(comment) > LONGEST_COMMENT
  const unread: Unread[] = [
    ...(text('country') !== '' && country === null ? (['country'] as const) : []),
    ...(text('date') !== '' && signedOn === null ? (['date'] as const) : []),
    ...(isLong ? (['comment'] as const) : []),
  ]
  const person = {
    line,
    name,
    email,
    country: country ?? UNKNOWN_COUNTRY,
    postcode: [...text('postcode')].slice(0, LONGEST_POSTCODE).join(''),
    comment: isLong ? '' : comment,
    language: LANGUAGE.exec(text('language'))?.[1]?.toLowerCase() ?? '',
    signedOn: signedOn ?? '',
  }
  return { person, unread }
}

const clean = (text: string) =>
  stripUnseen(text.normalize('NFC').replace(/[\s\p{Z}]+/gu, ' '))
    .replace(/ +/g, ' ')
    .trim()

const lengthOf = (text: string) => [...text].length
