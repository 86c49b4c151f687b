import { shellWord } from '../terminal/escape-unsafe.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })
const NEWLINE = 0x0a

/**
 * The text of a file that people wrote, without its byte order mark; null when it isn't UTF-8. A lenient
 * decoder would silently replace unknown letters by U+FFFD.
 */
export function decodeText(bytes: Uint8Array): string | null {
  // UTF-16 of plain ASCII is valid UTF-8: each second character is then U+0000, which no text has.
  if (bytes.includes(0)) return null
  try {
    return utf8.decode(bytes)
  } catch {
    return null
  }
}

/**
 * For a file that `decodeText` refused: the encoding that it seems to have, and a command that converts it.
 * @param path null for the standard input
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

/** Enough letters to guess by. */
const SAMPLE_BYTES = 64 * 1024

const CYRILLIC = /[а-яёіўґєїА-ЯЁІЎҐЄЇ]/
/**
 * By the names that `iconv` knows, each with the usual letters beyond ASCII of texts in it. Where two encodings
 * decode the bytes alike, the first is named: either converts them.
 */
const CANDIDATES: { name: string; label: string; usual: RegExp }[] = [
  { name: 'WINDOWS-1251', label: 'windows-1251', usual: CYRILLIC },
  { name: 'KOI8-R', label: 'koi8-r', usual: CYRILLIC },
  { name: 'CP866', label: 'ibm866', usual: CYRILLIC },
  { name: 'ISO-8859-5', label: 'iso-8859-5', usual: CYRILLIC },
  { name: 'WINDOWS-1252', label: 'windows-1252', usual: /[à-ïñ-öø-üÿœÀ-ÏÑ-ÖØ-ÜŒß]/ },
  { name: 'WINDOWS-1254', label: 'windows-1254', usual: /[çğıöşüâîûÇĞİÖŞÜ]/ },
  {
    name: 'WINDOWS-1250',
    label: 'windows-1250',
    usual: /[ąćęłńóśźżáčďéěíňřšťúůýžőűöüăâîşţĄĆĘŁŃÓŚŹŻÁČĎÉĚÍŇŘŠŤÚŮÝŽŐŰÖÜ]/,
  },
]
const PUNCTUATION = /[\u00a0«»„“”‘’–—…№§°]/
const LETTER = /\p{L}/u
const ASCII_LETTER = /[A-Za-z]/

/**
 * The likely encoding of bytes that aren't UTF-8, by the name that `iconv` takes; null when none is likely.
 * A guess, for a message: nothing is ever converted by it.
 */
export function guessEncoding(bytes: Uint8Array): string | null {
  const sample = bytes.subarray(0, SAMPLE_BYTES)
  const wide = guessWide(sample)
  if (wide || sample.includes(0)) return wide
  const scored = CANDIDATES.map(({ name, label, usual }) => ({
    name,
    score: score(new TextDecoder(label).decode(sample), usual),
  }))
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a))
  return best.score > 0 ? best.name : null
}

/** UTF-16 and UTF-32, by their byte order mark or by the positions of zero bytes in ASCII text. */
function guessWide(sample: Uint8Array): string | null {
  const [a, b, c, d] = sample
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'UTF-32' : 'UTF-16'
  if (a === 0xfe && b === 0xff) return 'UTF-16'
  const zeros = [0, 0]
  sample.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2]!++
  })
  const [even, odd] = zeros as [number, number]
  if (odd * 4 > sample.length && even === 0) return 'UTF-16LE'
  return even * 4 > sample.length && odd === 0 ? 'UTF-16BE' : null
}

/** Scores how much the text looks like words: usual letters, mostly lower case, one script in a word. */
function score(text: string, usual: RegExp): number {
  let points = 0
  let before = ' '
  for (const letter of text) {
    if (letter > '\x7f') points += pointsOf(letter, before, usual)
    else if (ASCII_LETTER.test(letter) && CYRILLIC.test(before)) points -= 2
    before = letter
  }
  return points
}

function pointsOf(letter: string, before: string, usual: RegExp): number {
  if (!LETTER.test(letter)) return PUNCTUATION.test(letter) ? 0 : -1
  const small = letter === letter.toLowerCase()
  let points = usual.test(letter) ? 1 : -1
  if (small) points += 0.5
  else if (LETTER.test(before) && before === before.toLowerCase()) points -= 2
  if (CYRILLIC.test(letter) && ASCII_LETTER.test(before)) points -= 2
  // Only scripts with few ASCII letters have other letters side by side.
  if (!CYRILLIC.test(letter) && before > '\x7f' && LETTER.test(before)) points -= 2
  return points
}
