import { hasOverride, stripUnseen } from '../../platform/strip-unseen.ts'

/** U+FFFD replaces bytes that weren't UTF-8, half a surrogate pair is left of a cut emoji; private-use characters show on one maker's devices only. */
const LOST = /[\ufffd\p{Cs}\p{Co}]/u
/** A letter with more than eight marks is a prank that runs over its neighbours' lines. */
const PILED = /\p{M}{9}/u
const LINK = /https?:|www\.|:\/\/|\b(?:t|wa)\.me\/|\b(?:mailto|tg|skype|xmpp):\S/i
/**
 * Dots of other scripts, by which an address is typed or looks as if it were: those of UTS 46, and those that UTS 39
 * counts as confusable; `[.]` and `(dot)`, which spare a link from being found.
 */
const DOT =
  /[\u0660\u06d4\u06f0\u0701\u0702\u3002\ua4f8\ua60e]|\s?[[({](?:\.|dot|точка)[\])}]\s?/giu
const SLASH = /[\u2044\u2215\u29f8]/g
const LINE_END = /\r\n?|[\v\f\u0085\p{Zl}\p{Zp}]/gu

/** Composed (NFC), trimmed, with single spaces, and without invisible characters. */
export function cleanLine(text: string): string {
  return stripped(text.replace(/[\t-\r\u0085\p{Z}]+/gu, ' '))
    .replace(/ +/g, ' ')
    .trim()
}

/** Like cleanLine, with the lines kept: at most one empty line in a row. */
export function cleanParagraphs(text: string): string {
  return stripped(text.replace(LINE_END, '\n').replace(/[\p{Zs}\t]+/gu, ' '))
    .replace(/ +/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** A soft hyphen shows in no field, and not in a name that fits on its line. */
const stripped = (text: string) =>
  stripUnseen(text.replaceAll('\u00ad', '').normalize('NFC')).normalize('NFC')

/** Faults that only the author can mend: nobody else knows which character was meant. */
export type TextFault = 'direction' | 'characters' | 'marks'

export function findFault(text: string): TextFault | null {
  if (hasOverride(text)) return 'direction'
  if (LOST.test(text)) return 'characters'
  return PILED.test(text) ? 'marks' : null
}

/** The character that `characters` speaks of. */
export const lostCharacter = (text: string): string =>
  (LOST.exec(text)?.[0] ?? '').replace(/\p{Cs}/u, '\ufffd')
/** As strangers read it: compatibility forms, such as full-width letters, as the letters they look like (NFKC). */
export const asRead = (text: string): string =>
  text.normalize('NFKC').replace(DOT, '.').replace(SLASH, '/')
export const hasLink = (text: string) => LINK.test(asRead(text))

/** In code points. */
const POSTCODE_MAX = 16
/** Hyphens as keyboards and copies have them; also the long vowel sign, which Japanese keyboards write for one. */
const HYPHENS = /[\p{Pd}\u2212]|(?<=\p{N})\u30fc(?=\p{N})/gu
const FIRST_TO_LAST = /[\p{L}\p{M}\p{N}]+(?:[ -]+[\p{L}\p{M}\p{N}]+)*/u

/**
 * A postcode as people write it, without characters that no postcode has: "〒１００－０００１", "1000–001" and
 * "SW1A 1AA." are readable. Every postcode of the Universal Postal Union's countries has a digit, so "n/a" is none.
 *
 * @param text as cleanLine gives it
 * @returns null when no postcode can be read
 */
export function readPostcode(text: string): string | null {
  if (text === '') return ''
  const words = text
    .normalize('NFKC')
    .replace(HYPHENS, '-')
    .replace(/[^\p{L}\p{M}\p{N}-]+/gu, ' ')
  const postcode = FIRST_TO_LAST.exec(words)?.[0] ?? ''
  return /\p{N}/u.test(postcode) && [...postcode].length <= POSTCODE_MAX ? postcode : null
}
