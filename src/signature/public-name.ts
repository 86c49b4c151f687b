import type { Display } from './signature.table.ts'

const MAX_INITIALS = 4

/**
 * The name as it appears in public, or null when the signer chose to stay hidden.
 * @param language of the page that was signed: Azerbaijani capitalises "i" as "İ"
 */
export function publicName(name: string, display: Display, language: string): string | null {
  if (display === 'hidden') return null
  return display === 'name' ? name : initials(name, language)
}

/** "Əli Məmmədov" gives "Ə. M."; by grapheme, so that combined letters stay whole. */
function initials(name: string, language: string): string {
  const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })
  return name
    .split(/[\s\p{Pd}]+/u)
    .flatMap((part) => {
      const first = [...graphemes.segment(part)].find(({ segment }) =>
        /[\p{L}\p{N}]/u.test(segment),
      )
      return first ? [`${capital(first.segment, language)}.`] : []
    })
    .slice(0, MAX_INITIALS)
    .join(' ')
}

/** Georgian writes names without capitals; its upper case is for whole lines, and few fonts have it. */
function capital(letter: string, language: string): string {
  return /\p{Script=Georgian}/u.test(letter) ? letter : letter.toLocaleUpperCase(language)
}
