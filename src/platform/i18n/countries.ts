import { factsOf } from './language-facts.ts'

/** ISO 3166-1 alpha-2 (249 codes) and XK, which the European institutions use for Kosovo. */
export const countryCodes: readonly string[] = (
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS ' +
  'BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE ' +
  'EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM ' +
  'HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC ' +
  'LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA ' +
  'NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW ' +
  'SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO ' +
  'TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW'
).split(' ')

const known = new Set(countryCodes)

export const isCountry = (code: string) => known.has(code)

export interface Country {
  code: string
  name: string
}

const byLanguage = new Map<string, Country[]>()

/** Every country under its name in the language, in that language's order. */
export function listCountries(language: string): Country[] {
  const ready = byLanguage.get(language)
  if (ready) return ready
  const names = new Intl.DisplayNames([language, 'en'], { type: 'region' })
  const collator = new Intl.Collator(language)
  const countries = countryCodes
    .map((code) => ({ code, name: names.of(code) ?? code }))
    .sort((a, b) => collator.compare(a.name, b.name))
  byLanguage.set(language, countries)
  return countries
}

export function countryName(code: string, language: string): string {
  return listCountries(language).find((country) => country.code === code)?.name ?? code
}

/**
 * For the top of the list. By the page's language, never by the visitor's IP address or Accept-Language: the page is
 * the same for everyone, so any cache can hold it.
 */
export function likelyCountries(language: string): string[] {
  return factsOf(language).likely?.split(' ') ?? []
}
