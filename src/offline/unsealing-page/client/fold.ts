/** Letters that people without the right keyboard write as others, and Unicode takes for letters of their own. */
const PLAIN = new Map([
  ['ə', 'e'],
  ['ı', 'i'],
  ['ł', 'l'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ß', 'ss'],
])
const LETTERS = new RegExp(`[${[...PLAIN.keys()].join('')}]`, 'g')
/** Accents, vowel points, and the joiners that Persian names hold without being seen. */
const UNSEEN = /[\p{M}\u200b-\u200d]/gu

/** A text as the search compares it: "eliyev" finds "Əliyev", "ёлкина" finds "Елкина" and the reverse. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(UNSEEN, '')
    .replace(LETTERS, (letter) => PLAIN.get(letter)!)
}
