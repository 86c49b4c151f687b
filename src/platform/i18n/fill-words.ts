/** The site's strings in a browser. */

/** A string, or its plural forms by category; values stand in braces. */
export type Word = string | Readonly<Record<string, string>>

/** Browsers know fewer languages than the server; these count and group digits as the language does. */
const COUNTS_AS: ReadonlyMap<string, string> = new Map([
  ['be', 'ru'],
  ['az', 'de'],
  ['ka', 'bg'],
])

const locales = (language: string) => [language, COUNTS_AS.get(language) ?? 'en', 'en']

export function numbersOf(language: string): Intl.NumberFormat {
  return new Intl.NumberFormat(locales(language))
}

/** The category of a number's plural form: `one`, `few`, … */
export function pluralOf(count: number, language: string): string {
  return new Intl.PluralRules(locales(language)).select(count)
}

/** Replaces the names of values by the values; `count` chooses among plural forms. */
export function fill(
  word: Word,
  values: Readonly<Record<string, string | number>>,
  language: string,
): string {
  const form =
    typeof word === 'string'
      ? word
      : (word[pluralOf(Number(values.count), language)] ?? word.other!)
  return form.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name as string]
    return typeof value === 'number' ? numbersOf(language).format(value) : (value ?? whole)
  })
}
