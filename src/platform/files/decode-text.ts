import { shellWord } from '../terminal/shell-word.ts'
import { guessEncoding } from './guess-encoding.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })
const NEWLINE = 0x0a

/**
 * The text of a file that people wrote, without its byte order mark; null when it isn't UTF-8. A lenient
 * decoder would put U+FFFD in place of every letter that it doesn't know, and say nothing.
 */
export function decodeText(bytes: Uint8Array): string | null {
  // UTF-16 of plain ASCII is UTF-8 as well: each second letter is then U+0000, which no text has.
  if (bytes.includes(0)) return null
  try {
    return utf8.decode(bytes)
  } catch {
    return null
  }
}

/**
 * What to say of a file that `decodeText` refused: which encoding it seems to have, and what converts it.
 * @param path null for what came through the standard input
 */
export function explainEncoding(bytes: Uint8Array, path: string | null): string {
  const name = path ?? 'the standard input'
  const encoding = guessEncoding(bytes)
  if (!encoding) {
    return `${name} is not text in UTF-8${badLine(bytes)}: save it as UTF-8 in the program that wrote it`
  }
  const command = ['iconv', '-f', encoding, '-t', 'UTF-8']
  if (path !== null) command.push(shellWord(path), '>', shellWord(`${path}.utf8`))
  return `${name} is not UTF-8 but seems to be ${encoding}${badLine(bytes)}: save it as UTF-8 in the program that wrote it, or convert it with ${command.join(' ')}${path === null ? '' : ', and use what that writes in its place'}`
}

function badLine(bytes: Uint8Array): string {
  let line = 1
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(NEWLINE, start)
    const next = end < 0 ? bytes.length : end + 1
    if (decodeText(bytes.subarray(start, next)) === null) return ` (first seen in line ${line})`
    start = next
  }
  return ''
}
