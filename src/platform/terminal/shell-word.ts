/** A path or a word as one argument of a command to be pasted, in quotes where a shell would split or read it. */
export const shellWord = (word: string): string =>
  /^[\w./:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
