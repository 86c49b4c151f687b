import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import i18next from 'i18next'
import { decodeText, explainEncoding } from '../files/decode-text.ts'

/** Values for a string's `{{placeholders}}`; `count` also chooses the plural form. */
export type Values = Record<string, string | number>
export type Translate = (key: string, values?: Values) => string

/** `views/`, beside package.json both in a checkout (src/) and in a build (dist/src/). */
export const views = ['../../../views/', '../../../../views/']
  .map((path) => new URL(path, import.meta.url))
  .find((folder) => existsSync(folder))!

/** The order of the switcher: the original first, then the languages of the first campaign. */
const ORDER = ['en', 'az', 'ru', 'be']

/** BCP 47 tags of the languages that have a file in views/locales. */
export const languages = readdirSync(new URL('locales/', views))
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length))
  .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))

/** Each language's name for itself, with the capital that a list asks for. */
export const languageNames = Object.fromEntries(
  languages.map((language) => [language, autonym(language)]),
)

const strings = i18next.createInstance()
strings.init({
  initAsync: false,
  lng: 'en',
  fallbackLng: false,
  resources: Object.fromEntries(languages.map((tag) => [tag, { translation: read(tag) }])),
  interpolation: { escapeValue: false }, // Handlebars escapes
  returnObjects: false,
  // A hole in a page is worse than a page that fails its test: all three throw.
  parseMissingKeyHandler: (key) => fail(`has no string "${key}"`),
  returnedObjectHandler: (key) => fail(`"${key}" is a group of strings, not a string`),
  missingInterpolationHandler: (text) => fail(`a value is missing for "${text}"`),
})

const translators = new Map(languages.map((language) => [language, createTranslator(language)]))

/** The strings of one language. Throws for a missing key, value or plural form. */
export function translator(language: string): Translate {
  return translators.get(language) ?? fail(`has no language "${language}"`)
}

function createTranslator(language: string): Translate {
  const translate = strings.getFixedT(language)
  /** Looking a string up takes as long as rendering the rest of a mail; without values it is always the same. */
  const plain = new Map<string, string>()
  return (key, values = {}) => {
    if (Object.keys(values).length > 0) return translate(key, values)
    const known = plain.get(key) ?? translate(key)
    plain.set(key, known)
    return known
  }
}

function read(language: string): Record<string, unknown> {
  const file = new URL(`locales/${language}.json`, views)
  const bytes = readFileSync(file)
  const text = decodeText(bytes)
  if (text === null) throw new Error(explainEncoding(bytes, fileURLToPath(file)))
  return JSON.parse(text)
}

function rank(language: string): number {
  const place = ORDER.indexOf(language)
  return place < 0 ? ORDER.length : place
}

function autonym(language: string): string {
  const name = new Intl.DisplayNames(language, { type: 'language' }).of(language) ?? language
  return name.slice(0, 1).toLocaleUpperCase(language) + name.slice(1)
}

function fail(what: string): never {
  throw new Error(`views/locales ${what}`)
}
