const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ur', 'ckb', 'azb'])

/** Whether a language is written from right to left. @param language a BCP 47 tag */
export const isRightToLeft = (language: string): boolean =>
  RIGHT_TO_LEFT.has(language.split('-')[0]!)

/** Between the members of a list. */
export const commaOf = (language: string): string => (isRightToLeft(language) ? '، ' : ', ')
