import { countryCodes, isCountry } from '../platform/i18n/countries.ts'

/** ISO 3166's own word for a country that is not known. */
export const UNKNOWN_COUNTRY = 'ZZ'
/** In which exports of other sites name countries. */
const LANGUAGES = ['en', 'de', 'fr', 'es', 'pl', 'tr', 'ru', 'uk', 'be', 'az', 'ka', 'fa']
const USUAL: readonly (readonly [string, string])[] = [
  ['usa', 'US'],
  ['united states of america', 'US'],
  ['uk', 'GB'],
  ['great britain', 'GB'],
  ['england', 'GB'],
  ['czech republic', 'CZ'],
  ['turkey', 'TR'],
]

let byName: Map<string, string> | null = null

/** A code or a name in one of many languages; null for what is neither. */
export function readCountry(text: string): string | null {
  const code = text.toUpperCase()
  if (isCountry(code)) return code
  byName ??= nameAll()
  return byName.get(text.toLowerCase()) ?? null
}

function nameAll(): Map<string, string> {
  const names = new Map<string, string>(USUAL)
  for (const language of LANGUAGES) {
    const display = new Intl.DisplayNames([language], { type: 'region' })
    for (const code of countryCodes) {
      const name = display.of(code)?.toLowerCase()
      if (name && !names.has(name)) names.set(name, code)
    }
  }
  return names
}
