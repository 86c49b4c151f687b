/**
 * Characters that no name or comment needs and that can harm: controls, line and paragraph
 * separators, bidi embeddings, overrides and isolates (they let a name rewrite the line it stands
 * in), tag characters, private use, and U+FFFD, which stands where bytes weren't UTF-8.
 * A letter with more than eight marks is a prank that runs over its neighbours' lines.
 * Joiners (U+200C, U+200D) stay: Persian, Indic scripts and emoji need them.
 */
const HARMFUL =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Co}\p{Cs}\u200b\u200e\u200f\u061c\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd\u{e0000}-\u{e007f}]|\p{M}{9}/u
const HARMFUL_BUT_LINES = new RegExp(`(?![\\n\\t])${HARMFUL.source}`, 'u')
/** Not the Hangul fillers, which count as letters and show nothing. */
const VISIBLE = /(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{N}\p{Extended_Pictographic}]/u
const LINK = /https?:|www\.|:\/\/|\b(?:t|wa)\.me\//i

/** Trimmed, inner white space made single spaces, composed (NFC). Harmful characters stay, to be refused. */
export function cleanLine(text: string): string {
  return text
    .normalize('NFC')
    .trim()
    .replace(/[\p{Zs}]+/gu, ' ')
}

/** Like cleanLine, with the lines kept: at most one empty line in a row. */
export function cleanParagraphs(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[\p{Zs}\t]+/gu, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

export const hasHarmfulCharacters = (text: string) => HARMFUL.test(text)
export const hasHarmfulInParagraphs = (text: string) => HARMFUL_BUT_LINES.test(text)
/** A letter, digit or picture in any script: something that can be read as a name. */
export const isReadable = (text: string) => VISIBLE.test(text)
export const hasLink = (text: string) => LINK.test(text)
