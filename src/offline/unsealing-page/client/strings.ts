import { isRightToLeft } from '../../../platform/i18n/direction.ts'
import { numbersOf, pluralOf } from '../../../platform/i18n/fill-words.ts'
import { fitValue } from '../../../platform/i18n/fit-value.ts'
import countryNames from '../country-names.json' with { type: 'json' }

/** Put in by src/offline/unsealing-page/build-page.ts. */
declare const LANGUAGES: readonly { tag: string; name: string }[]
declare const STRINGS: Readonly<Record<string, Readonly<Record<string, string>>>>

export const languages = LANGUAGES

/** Browsers know fewer languages than this page; these sort as the language does. */
const SORTS_AS: ReadonlyMap<string, string> = new Map([
  ['az', 'tr'],
  ['be', 'ru'],
])

/** An event of the document. */
const SWITCHED = 'languageswitched'

export const currentLanguage = () => document.documentElement.lang

/** The best of the page's languages for a reader who prefers these, best first. */
export function bestLanguage(preferred: readonly string[]): string {
  const bases = preferred.map((tag) => tag.toLowerCase().split('-')[0]!)
  const isOffered = (tag: string) => languages.some((each) => each.tag === tag)
  return bases.find(isOffered) ?? 'en'
}

export function switchLanguage(to: string): void {
  document.documentElement.lang = to
  document.documentElement.dir = isRightToLeft(to) ? 'rtl' : 'ltr'
  for (const element of document.querySelectorAll<HTMLElement>('[data-t]')) {
    element.textContent = t(element.dataset.t!)
  }
  for (const element of document.querySelectorAll<HTMLElement>('[data-t-label]')) {
    element.ariaLabel = t(element.dataset.tLabel!)
  }
  document.dispatchEvent(new Event(SWITCHED))
}

/** Called after each switch of the language, to write the scripts' own texts again. */
export function onLanguage(follow: () => void): void {
  document.addEventListener(SWITCHED, () => follow())
}

export type Values = Readonly<Record<string, string | number>>

/**
 * A string of views/locales, as the site's own translator gives it: `count` chooses the plural form.
 * @throws when there is none such, or a value is missing
 */
export function t(key: string, values: Values = {}): string {
  const strings = STRINGS[currentLanguage()]!
  const { count } = values
  const form = typeof count === 'number' ? `_${pluralOf(count, currentLanguage())}` : ''
  const text = strings[key] ?? strings[key + form] ?? strings[`${key}_other`]
  if (text === undefined) throw new Error(`views/locales has no string "${key}"`)
  return text.replace(/\{\{(\w+)(, number)?\}\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`a value is missing for "${text}"`)
    return fitValue(value, currentLanguage())
  })
}

export function formatNumber(value: number): string {
  return numbersOf(currentLanguage()).format(value)
}

/** "2026-01-02 03:04", in UTC: the same in every language, and it lines up. */
export function formatMoment(iso: string): string {
  const moment = iso.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*Z$/, '$1 $2')
  return fitValue(moment, currentLanguage())
}

/**
 * Browsers lack names in Azerbaijani, Belarusian and Georgian. They are stored, not made by the build: another Node.js
 * has other ones, and the page must have the same bytes on every machine.
 */
export function countryName(code: string): string {
  const known: Readonly<Record<string, Readonly<Record<string, string>>>> = countryNames
  // The code comes out of an export, which could name a property that every object has.
  const names = known[currentLanguage()]
  if (names && Object.hasOwn(names, code)) return names[code]!
  try {
    return new Intl.DisplayNames([currentLanguage(), 'en'], { type: 'region' }).of(code) ?? code
  } catch {
    return code
  }
}

/** Of a page's language: in that language itself, as the switch has it. */
export function languageName(tag: string): string {
  return languages.find((each) => each.tag === tag)?.name ?? tag
}

/** Compares texts as the reader's language sorts them. */
export function collator(): Intl.Collator {
  const language = currentLanguage()
  const alike = SORTS_AS.get(language) ?? 'en'
  return new Intl.Collator([language, alike, 'en'], { numeric: true })
}
