import { decodeBase64 } from '../../platform/bytes.ts'

/** Text, numbers and bytes in the log's formats, each with one spelling. */

/** The one error that the parsers of the log throw: the input isn't in its only allowed form. */
export class MalformedError extends Error {
  /** The format that was expected: `checkpoint`, `tile path`, … */
  readonly format: string

  constructor(format: string, why: string) {
    super(`${format}: ${why}`)
    this.name = 'MalformedError'
    this.format = format
  }
}

/** For code that answers with a named failure: returns the MalformedError, lets other errors through. */
export function attempt<T>(parse: () => T): T | MalformedError {
  try {
    return parse()
  } catch (error) {
    if (error instanceof MalformedError) return error
    throw error
  }
}

const encoder = new TextEncoder()
/** A byte order mark is text like any other: dropping it would make two files read the same. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const HALF_A_CHARACTER = /\p{Surrogate}/u

/** @throws MalformedError when the string holds half a surrogate pair, which UTF-8 can't say. */
export function encodeUtf8(text: string): Uint8Array {
  if (HALF_A_CHARACTER.test(text)) throw new MalformedError('text', 'half a character')
  return encoder.encode(text)
}

/** @throws MalformedError when the bytes aren't UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new MalformedError('text', 'not UTF-8')
  }
}

/** @throws MalformedError for everything but the canonical spelling */
export function parseBase64(text: string): Uint8Array {
  const bytes = decodeBase64(text)
  if (!bytes) throw new MalformedError('base64', 'not the canonical spelling')
  return bytes
}

const DECIMAL = /^(?:0|[1-9]\d{0,15})$/

/**
 * A size, an index or a time: ASCII digits without leading zeros. C2SP allows 2^63 − 1; numbers here
 * end at 2^53 − 1, which no petition reaches, and are refused above rather than rounded.
 *
 * @throws MalformedError
 */
export function parseDecimal(text: string): number {
  const value = Number(text)
  if (!DECIMAL.test(text) || !Number.isSafeInteger(value)) {
    throw new MalformedError('number', 'not a decimal without leading zeros, or too large')
  }
  return value
}

/** @throws RangeError */
export function formatDecimal(value: number): string {
  return String(checkNatural(value))
}

/** @throws RangeError when the value isn't a whole number from 0 to 2^53 − 1. */
export function checkNatural(value: number): number {
  if (!isNatural(value)) throw new RangeError(`${value} is no size, index or time`)
  return value
}

export function isNatural(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}
