/** In one order, whoever keeps them: JSONB doesn't keep the file's, so that nothing may be told or compared in it. */
export const byName = <T>(values: Record<string, T>): [string, T][] =>
  Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))

/** A text in each of some languages, as one line. */
export const tellTexts = (texts: Record<string, string>): string =>
  byName(texts)
    .map(([language, text]) => `${language} "${text}"`)
    .join(', ')
