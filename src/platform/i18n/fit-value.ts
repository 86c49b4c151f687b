import { isRightToLeft } from './direction.ts'
import { numbersOf } from './fill-words.ts'

const RIGHT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Thaana}\p{Script=Syriac}\p{Script=Nko}]/u
/** What runs from left to right by itself: letters, and a date or time in Latin digits. */
const LEFT =
  /[0-9]|(?![\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Thaana}\p{Script=Syriac}\p{Script=Nko}])\p{L}/u
const FIRST_STRONG = '\u2068'
const END = '\u2069'

const formats = new Map<string, Intl.NumberFormat>()

/**
 * A value as a sentence holds it: a number in the language's digits, and a text with letters of the other direction
 * isolated (UAX 9), so that neither turns what stands beside it. Not so an address of the web: programs that find
 * links in plain text would take the mark for a part of it.
 */
export function fitValue(value: unknown, language: string): string {
  if (typeof value === 'number') {
    const format = formats.get(language) ?? numbersOf(language)
    formats.set(language, format)
    return format.format(value)
  }
  const text = String(value)
  return text.includes('://') ? text : setApart(text, language)
}

/** A text with letters of the other direction than the language's, isolated. */
export function setApart(text: string, language: string): string {
  const isOther = (isRightToLeft(language) ? LEFT : RIGHT).test(text)
  return isOther ? `${FIRST_STRONG}${text}${END}` : text
}

/** A time or a number in Latin digits, in those of the language. */
export const fitDigits = (text: string, language: string): string =>
  text.replace(/\d/g, (digit) => fitValue(Number(digit), language))

/** A value that ends with a full stop, such as “г.” of a Russian date or “Inc.”, ends the sentence with it. */
export const oneFullStop = (text: string): string => text.replace(/(?<=\p{L})\.\.(?!\.)/gu, '.')
