import type { Display } from '../../sealing/record/sealed-record.ts'

const MAX_INITIALS = 4
/**
 * A visible letter or digit by itself: not the ʻ of ʻIolani, nor a tatweel, which lengthens
 * another; nor a Hangul filler or a blank hieroglyph, which count as letters and show nothing.
 */
export const VISIBLE_LETTER =
  /(?![\p{Default_Ignorable_Code_Point}\u{13441}\u{13442}])[\p{Lu}\p{Ll}\p{Lt}\p{Lo}\p{N}]/u

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/**
 * The name as it appears in public, or null when the signer chose to stay hidden or no initials can be made.
 * @param language of the page that was signed: Azerbaijani capitalises "i" as "İ"
 */
export function publicName(name: string, display: Display, language: string): string | null {
  if (display === 'hidden') return null
  return display === 'name' ? name : initials(name, language) || null
}

/** "Əli Məmmədov" gives "Ə. M."; by grapheme, so that combined letters stay whole. */
function initials(name: string, language: string): string {
  return name
    .split(/[\s\p{Pd}]+/u)
    .flatMap((part) => {
      const first = [...graphemes.segment(part)].find(({ segment }) => VISIBLE_LETTER.test(segment))
      return first ? [`${capital(first.segment, language)}.`] : []
    })
    .slice(0, MAX_INITIALS)
    .join(' ')
}

/** Georgian writes names without capitals; its upper case is for whole lines, and few fonts have it. */
function capital(letter: string, language: string): string {
  return /\p{Script=Georgian}/u.test(letter) ? letter : letter.toLocaleUpperCase(language)
}
