/** Terminal control, and what turns a line around or hides in it; joiners that scripts need stay. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** A line of text that others wrote, as a terminal may show it. */
export const escapeUnsafe = (line: string): string =>
  line.replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
