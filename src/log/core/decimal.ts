import { MalformedError } from './malformed.ts'

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
