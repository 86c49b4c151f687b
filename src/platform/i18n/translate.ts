import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import i18next from 'i18next'
import { decodeText, explainEncoding } from '../files/decode-text.ts'
import { bindWords } from './bind-words.ts'
import { fitValue, oneFullStop } from './fit-value.ts'
import { orderOfLanguages } from './language-facts.ts'

/** Values for a string's `{{placeholders}}`; `count` also chooses the plural form. */
export type Values = Record<string, string | number>
export type Translate = (key: string, values?: Values) => string

/** `views/`, beside package.json both in a checkout (src/) and in a build (dist/src/). */
export const views = ['../../../views/', '../../../../views/']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((folder) => existsSync(folder))!

/** BCP 47 tags of the languages that have a file in views/locales. */
export const languages = readdirSync(join(views, 'locales'))
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length))
  .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))

/** Each language's name for itself, capitalised for a list. */
export const languageNames = Object.fromEntries(
  languages.map((language) => [language, autonym(language)]),
)

const strings = i18next.createInstance().use({
  type: 'formatter',
  init() {},
  format: (value: unknown, _: unknown, language: string) =>
    value === undefined ? value : fitValue(value, language),
} as const)
strings.init({
  initAsync: false,
  lng: 'en',
  fallbackLng: false,
  resources: Object.fromEntries(languages.map((tag) => [tag, { translation: read(tag) }])),
  interpolation: {
    escapeValue: false, // Handlebars escapes
    alwaysFormat: true,
  },
  returnObjects: false,
  // A page with a hole is worse than one that fails its test: all three throw.
  parseMissingKeyHandler: (key) => fail(`has no string "${key}"`),
  returnedObjectHandler: (key) => fail(`"${key}" is a group of strings, not a string`),
  missingInterpolationHandler: (text) => fail(`a value is missing for "${text}"`),
})

const translators = new Map(languages.map((language) => [language, createTranslator(language)]))

/** The strings of one language. Throws for a missing key, value or plural form. */
export function translator(language: string): Translate {
  return translators.get(language) ?? fail(`has no language "${language}"`)
}

/**
 * The plural forms of a string by category, for scripts that learn the number in the browser; placeholders are
 * written `{count}` and `{name}`.
 */
export function pluralForms(language: string, key: string): Record<string, string> {
  const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions()
  const forms = Object.fromEntries(
    pluralCategories.map((category) => {
      const form = strings.getResource(language, 'translation', `${key}_${category}`)
      if (typeof form !== 'string') return fail(`has no string "${key}_${category}"`)
      return [category, form.replace(/\{\{(\w+)(?:, number)?\}\}/g, '{$1}')]
    }),
  )
  // A label before a number has one form.
  return new Set(Object.values(forms)).size === 1 ? { other: forms.other! } : forms
}

function createTranslator(language: string): Translate {
  const translate = strings.getFixedT(language)
  /** Strings without values, kept: looking one up takes as long as rendering the rest of a mail. */
  const plain = new Map<string, string>()
  return (key, values = {}) => {
    if (Object.keys(values).length > 0) return oneFullStop(translate(key, values))
    const known = plain.get(key) ?? translate(key)
    plain.set(key, known)
    return known
  }
}

function read(language: string): Record<string, unknown> {
  const file = join(views, 'locales', `${language}.json`)
  const bytes = readFileSync(file)
  const text = decodeText(bytes)
  if (text === null) throw new Error(explainEncoding(bytes, file))
  return JSON.parse(text, (_key, value) =>
    typeof value === 'string' ? bindWords(value, language) : value,
  )
}

function rank(language: string): number {
  const index = orderOfLanguages.indexOf(language)
  return index < 0 ? orderOfLanguages.length : index
}

/** A language's name in another, capitalised for a list. */
export function languageNameIn(tag: string, language: string): string {
  const name = new Intl.DisplayNames([language, 'en'], { type: 'language' }).of(tag) ?? tag
  return capitalise(name, language)
}

function autonym(language: string): string {
  const name = new Intl.DisplayNames(language, { type: 'language' }).of(language) ?? language
  return capitalise(name, language)
}

/** Georgian has capitals for whole headings alone. */
function capitalise(name: string, language: string): string {
  return language === 'ka' ? name : name.slice(0, 1).toLocaleUpperCase(language) + name.slice(1)
}

function fail(what: string): never {
  throw new Error(`views/locales ${what}`)
}

const MAX_RANGES = 20

/**
 * The best of the offered languages for an Accept-Language header (RFC 9110, section 12.5.4; lookup by
 * primary language), else the first offered. Languages that the header doesn't name are never guessed: a
 * Ukrainian or a Kazakh may prefer the petition's own language to unasked Russian.
 */
export function negotiate(header: string | undefined, offered: string[] = languages): string {
  const wanted = (header ?? '')
    .split(',', MAX_RANGES)
    .map((range) => {
      const [tag = '', ...parameters] = range.trim().toLowerCase().split(';')
      const quality = parameters.map((p) => /^\s*q=([\d.]+)$/.exec(p)?.[1]).find(Boolean)
      return { language: tag.split('-')[0]!, quality: quality ? Number(quality) : 1 }
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ language }) => language)
  return wanted.find((language) => offered.includes(language)) ?? offered[0]!
}
