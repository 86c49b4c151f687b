import { byName } from '../platform/by-name.ts'

/** A text in each of some languages, as one line. */
export const tellTexts = (texts: Record<string, string>): string =>
  byName(texts)
    .map(([language, text]) => `${language} "${text}"`)
    .join(', ')
