/** Terminal control, line breaks and characters that reverse or hide text; joiners that scripts need stay. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu
const UNSAFE_IN_LINES = new RegExp(`(?!\\t|\\r?\\n)${UNSAFE.source}`, UNSAFE.flags)
/** All invisible characters and halves of characters, too: no server's answer needs joiners. */
const UNSAFE_IN_ANSWERS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Surrogate}]/gu
const MAX_CHARACTERS = 300

/** Makes a line of other people's text safe for a terminal. */
export const escapeUnsafe = (line: string): string => line.replace(UNSAFE, escapeCharacter)

/** The same for several lines; tabs and ends of lines stay. */
export const escapeLines = (lines: string): string =>
  lines.replace(UNSAFE_IN_LINES, escapeCharacter)

/** A server's own words, cut to 300 characters: they must not move a cursor or turn a line around. */
export function safeText(text: string): string {
  const short = text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text
  return short.replace(UNSAFE_IN_ANSWERS, escapeCharacter)
}

/** JSON that reads the same to a script, and is harmless on a terminal. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE_IN_ANSWERS, escapeCharacter)
}

/**
 * From here on no `console` output moves a cursor, fills a clipboard (OSC 52) or reverses a line: much of it was
 * written by others, in folders, names, comments and answers of servers. Data for a file or a pipe doesn't go
 * through `console`.
 */
export function guardConsole(): void {
  for (const method of ['log', 'warn', 'error'] as const) {
    const write = console[method].bind(console)
    console[method] = (text: unknown) => write(escapeLines(String(text)))
  }
}

function escapeCharacter(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}

/** A path or a word as one argument of a command to paste, in quotes where a shell would split or expand it. */
export const shellWord = (word: string): string =>
  /^[\w./:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
