/**
 * In which browsers visit every page in every state: the original, and one that is read from the right. All languages
 * have the same templates; of the others a browser sees the pages with the most words and the narrowest places, so that
 * the tests do not take six times as long.
 */
export const VISITED: readonly string[] = ['en', 'fa']

/** Names of what is visited in every language; see every-page.ts. */
export const IN_EVERY_LANGUAGE: ReadonlySet<string> = new Set([
  'the petition with signers and comments',
  'the petition with errors',
  'the thanks',
])
