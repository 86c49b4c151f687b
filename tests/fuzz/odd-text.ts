import type { Random } from './random.ts'

/** Nothing; and parts of every object, which one that serves as a table would answer to. */
const LIKELY = ['', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'length']

const ODD = [
  ' ',
  '.',
  '..',
  '../../etc/passwd',
  '/',
  '//evil.example',
  '\\\\evil.example',
  '*',
  '0',
  '-1',
  '1e99',
  'NaN',
  'true',
  'null',
  '\u0000',
  'a\u0000b',
  '\r\nSet-Cookie: x=1',
  '\u202e',
  '\ufeff',
  '\ufffd',
  '\ud800',
  '😀',
  '😀'.repeat(60),
  'İıßẞﷺ',
  'e\u0301',
  'Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309',
  '<script>alert(1)</script>',
  '{{constructor.constructor("return process")()}}',
  "'; drop table signature; --",
  '${7*7}',
  '=1+1',
  '%',
  '%s%n%d',
  '%00',
  'leyla@example.org',
  'a@b@c',
  '@'.repeat(80),
  'x'.repeat(33),
  'x'.repeat(250),
  ' '.repeat(300),
  'br;'.repeat(90),
  'https://evil.example/',
]

/** Spellings of one byte that a lenient decoder takes for another. */
const BROKEN = [
  '%',
  '%z',
  '%zz',
  '%E0%A4%A',
  '%C0%AF',
  '%C0%80',
  '%ED%A0%80',
  '%FF',
  '%u0041',
  '%25',
]

export const oddText = (random: Random): string => random.pick(random.chance(0.4) ? LIKELY : ODD)

/** A part of a path or query: mostly as it should be, else written or meant otherwise. */
export function oddPart(random: Random, good: readonly string[]): string {
  const value = random.chance(0.5) ? random.pick(good) : oddText(random)
  switch (random.below(12)) {
    case 0:
      return percent(value, () => true)
    case 1:
      return percent(value, () => true).replaceAll('%', '%25')
    case 2:
      return percent(value, () => random.chance(0.3)).toLowerCase()
    case 3:
      return splice(encode(value), random.pick(BROKEN), random)
    case 4:
      return encode(value.toUpperCase())
    case 5:
      return splice(encode(value), random.pick(['/', '%2F', '.', ';', '\\']), random)
    case 6:
      return value
    default:
      return encode(value)
  }
}

/** A surrogate that stands alone can't be encoded: it becomes U+FFFD. */
const encode = (text: string) => encodeURIComponent(Buffer.from(text).toString())

function percent(text: string, isEncoded: () => boolean): string {
  return [...Buffer.from(text)]
    .map((byte) =>
      isEncoded() || byte <= 0x20 || byte > 0x7e
        ? `%${byte.toString(16).padStart(2, '0').toUpperCase()}`
        : String.fromCharCode(byte),
    )
    .join('')
}

function splice(text: string, piece: string, random: Random): string {
  const at = random.below(text.length + 1)
  return `${text.slice(0, at)}${piece}${text.slice(at)}`
}
