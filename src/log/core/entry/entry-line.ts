import { attempt, decodeUtf8, encodeUtf8, isNatural, MalformedError } from '../canonical.ts'
import { type InvalidEntry, type LogEntry, VOID_REASONS, type VoidReason } from './entry.ts'

const SLUG = '([a-z0-9]+(?:-[a-z0-9]+)*)'
const SLUG_MAX = 60
const NUMBER = '(0|[1-9]\\d{0,15})'
const HOUR = '(\\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T(?:[01]\\d|2[0-3])Z'
/** 32 bytes in base64: the last character carries four bits and may carry no more. */
const HASH = '([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)'
const LANGUAGE = '([a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3})'
/** Longer than the longest entry can be. */
const MAX_CHARACTERS = 256

const SIGN = new RegExp(`^sign/v1 ${SLUG} (${HOUR}) ${HASH}$`)
const WITHDRAW = new RegExp(`^withdraw/v1 ${SLUG} ${NUMBER}$`)
const VOID = new RegExp(`^void/v1 ${SLUG} ${NUMBER} (${VOID_REASONS.join('|')})$`)
const TURNED_AWAY = new RegExp(`^turned-away/v1 ${SLUG} ${NUMBER} (${VOID_REASONS.join('|')})$`)
const PAPER = new RegExp(`^paper/v1 ${SLUG} ${NUMBER} ${HASH}$`)
const IMPORTED = new RegExp(`^imported/v1 ${SLUG} ${NUMBER} ${HASH}$`)
const RECIPIENTS = new RegExp(`^recipients/v1 ${SLUG} ${HASH}$`)
const TEXT = new RegExp(`^text/v1 ${SLUG} ${LANGUAGE} ${NUMBER} ${HASH}$`)

/** Reads an entry's bytes; anything but exactly one of the known kinds is an InvalidEntry. */
export function parseEntry(bytes: Uint8Array): LogEntry | InvalidEntry {
  const text = attempt(() => decodeUtf8(bytes))
  if (text instanceof MalformedError) return invalid('not-text')
  const kind = text.slice(0, text.indexOf(' '))
  const parse = Object.hasOwn(PARSERS, kind) ? PARSERS[kind] : null
  if (!parse) return invalid('unknown-kind')
  const entry = text.length > MAX_CHARACTERS ? null : parse(text)
  return entry && entry.slug.length <= SLUG_MAX ? entry : invalid('malformed')
}

const PARSERS: Readonly<Record<string, (text: string) => LogEntry | null>> = {
  'sign/v1'(text) {
    const [, slug, hour, year, month, day, commitment] = SIGN.exec(text) ?? []
    if (!slug || !isDay(Number(year), Number(month), Number(day))) return null
    return { kind: 'sign', slug, hour: hour!, commitment: commitment! }
  },
  'withdraw/v1'(text) {
    const [, slug, number] = WITHDRAW.exec(text) ?? []
    const index = Number(number)
    return slug && isNatural(index) ? { kind: 'withdraw', slug, index } : null
  },
  'void/v1'(text) {
    const [, slug, number, reason] = VOID.exec(text) ?? []
    const index = Number(number)
    if (!slug || !isNatural(index)) return null
    return { kind: 'void', slug, index, reason: reason as VoidReason }
  },
  'turned-away/v1'(text) {
    const [, slug, digits, reason] = TURNED_AWAY.exec(text) ?? []
    const number = Number(digits)
    if (!slug || !isNatural(number) || number === 0) return null
    return { kind: 'turned-away', slug, number, reason: reason as VoidReason }
  },
  'paper/v1'(text) {
    const [, slug, digits, hash] = PAPER.exec(text) ?? []
    const number = Number(digits)
    if (!slug || !isNatural(number) || number === 0) return null
    return { kind: 'paper', slug, number, hash: hash! }
  },
  'imported/v1'(text) {
    const [, slug, digits, hash] = IMPORTED.exec(text) ?? []
    const number = Number(digits)
    return slug && isNatural(number) ? { kind: 'imported', slug, number, hash: hash! } : null
  },
  'recipients/v1'(text) {
    const [, slug, hash] = RECIPIENTS.exec(text) ?? []
    return slug ? { kind: 'recipients', slug, hash: hash! } : null
  },
  'text/v1'(text) {
    const [, slug, language, number, hash] = TEXT.exec(text) ?? []
    const version = Number(number)
    if (!slug || !isNatural(version) || version === 0) return null
    return { kind: 'text', slug, language: language!, version, hash: hash! }
  },
}

const DAYS_OF_MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function isDay(year: number, month: number, day: number): boolean {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return day <= DAYS_OF_MONTHS[month - 1]! || (isLeap && month === 2 && day === 29)
}

function invalid(problem: InvalidEntry['problem']): InvalidEntry {
  return { kind: 'invalid', problem }
}

/**
 * An entry as the log holds it.
 *
 * @throws RangeError for values that no entry may have: the log is for ever, and must not hold an entry
 *   that can't be read back.
 */
export function formatEntry(entry: LogEntry): Uint8Array {
  const bytes = encodeUtf8(write(entry))
  if (parseEntry(bytes).kind !== entry.kind) throw new RangeError(`no entry: ${write(entry)}`)
  return bytes
}

/** `YYYY-MM-DDTHHZ`, the hour of a signature. */
export function formatHour(time: Date): string {
  return `${time.toISOString().slice(0, 13)}Z`
}

function write(entry: LogEntry): string {
  switch (entry.kind) {
    case 'sign':
      return `sign/v1 ${entry.slug} ${entry.hour} ${entry.commitment}`
    case 'withdraw':
      return `withdraw/v1 ${entry.slug} ${entry.index}`
    case 'void':
      return `void/v1 ${entry.slug} ${entry.index} ${entry.reason}`
    case 'turned-away':
      return `turned-away/v1 ${entry.slug} ${entry.number} ${entry.reason}`
    case 'paper':
      return `paper/v1 ${entry.slug} ${entry.number} ${entry.hash}`
    case 'imported':
      return `imported/v1 ${entry.slug} ${entry.number} ${entry.hash}`
    case 'recipients':
      return `recipients/v1 ${entry.slug} ${entry.hash}`
    case 'text':
      return `text/v1 ${entry.slug} ${entry.language} ${entry.version} ${entry.hash}`
  }
}
