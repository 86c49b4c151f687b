/** A string of the site, or its plural forms by category; values stand in braces. */
export type Word = string | Readonly<Record<string, string>>

/** Browsers know fewer languages than the server; these count and group digits as the language does. */
const ALIKE = new Map([
  ['be', 'ru'],
  ['az', 'de'],
])

const locales = (language: string) => [language, ALIKE.get(language) ?? 'en']

export function numbersOf(language: string): Intl.NumberFormat {
  return new Intl.NumberFormat(locales(language))
}

/** Puts values in the place of their names; of plural forms, `count` chooses the one. */
export function fill(
  word: Word,
  values: Readonly<Record<string, string | number>>,
  language: string,
): string {
  const numbers = numbersOf(language)
  return formOf(word, Number(values.count), language).replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name as string]
    return typeof value === 'number' ? numbers.format(value) : (value ?? whole)
  })
}

function formOf(word: Word, count: number, language: string): string {
  if (typeof word === 'string') return word
  return word[new Intl.PluralRules(locales(language)).select(count)] ?? word.other!
}
