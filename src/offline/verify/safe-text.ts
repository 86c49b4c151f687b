/** Terminal control, invisible and direction-changing characters, and halves of characters. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Surrogate}]/gu
const MAX_CHARACTERS = 300

/** What a server said, as it may be shown: it must not move a cursor or turn a line around. */
export function safeText(text: string): string {
  const short = text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text
  return short.replace(UNSAFE, escapeCharacter)
}

/** JSON that reads the same to a script, and is harmless on a terminal. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, escapeCharacter)
}

function escapeCharacter(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}
