/**
 * Characters that show nothing: they come along when text is copied, and nobody can see them to delete them.
 * Controls, zero-width spaces, byte order marks, object replacements, directional marks, embeddings and isolates.
 * Not the overrides, which change the order of reading, nor the soft hyphen, which shows at the end of a line.
 */
const UNSEEN =
  /(?![\t\n\u00ad\u202d\u202e\u{e0020}-\u{e007f}]|\u200c|\u200d|\p{Variation_Selector})[\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffc]|(?<=\u200c|\u200d)(?:\u200c|\u200d)/gu

/** Scripts that shape a letter by a joiner beside it (Unicode 16, chapters 9, 12 and 13; UAX 31, section 2.3). */
const JOINING =
  'Arab Syrc Nkoo Mand Phag Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh Mymr Khmr Tibt Java Bali'
    .split(' ')
    .map((script) => `\\p{sc=${script}}`)
    .join('')
/** Behind one of their letters, whatever marks it has. */
const JOINABLE = `(?<=[${JOINING}]\\p{M}{0,8})`
/** UTS 51, section 1.4.9: a picture, with its skin colour, its style or the tags of a flag. */
const PICTURE =
  '\\p{Extended_Pictographic}(?:[\\u{e0020}-\\u{e007e}]{1,16}\\u{e007f}|\\p{Emoji_Modifier}?[\\ufe0e\\ufe0f]?)'
const NEEDED = [
  `${PICTURE}(?:\\u200d${PICTURE}){0,9}`,
  '(?<=[0-9#*])\\ufe0f(?=\\u20e3)',
  `${JOINABLE}(?:\\u200d|\\u200c(?=\\p{L}|(?!\\p{Variation_Selector})\\p{M}))`,
  '(?<=\\p{sc=Han})[\\ufe00-\\ufe02\\u{e0100}-\\u{e01ef}]',
  '(?<=[\\u1820-\\u18aa])[\\u180b-\\u180d\\u180f]',
  '(?<=\\p{sc=Mymr})\\ufe00',
].join('|')
const FORMING = new RegExp(
  `(${NEEDED})|[\\u200c\\u200d\\u{e0020}-\\u{e007f}]|\\p{Variation_Selector}`,
  'gu',
)

/** Removes unseen characters; joiners, variation selectors and tags stay where a script or an emoji needs them. */
export function stripUnseen(text: string): string {
  return text.replace(UNSEEN, '').replace(FORMING, (_, needed?: string) => needed ?? '')
}

/** LRO or RLO: the text behind it is shown in another order than it is written, on other people's lines too. */
export const hasOverride = (text: string) => /[\u202d\u202e]/.test(text)
