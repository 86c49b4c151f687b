const UNSHOWABLE = /\p{C}/gu

/** Text from somebody's file, for a terminal: nothing in it moves the cursor or turns the line around. */
export const plainText = (text: string): string => text.replace(UNSHOWABLE, '\ufffd')

/** JSON on one line that is safe to look at, too; it reads back the same. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSHOWABLE, (character) =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  )
}
