/** In code points. */
const MAX_LENGTH = 16
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
  return /\p{N}/u.test(postcode) && [...postcode].length <= MAX_LENGTH ? postcode : null
}
