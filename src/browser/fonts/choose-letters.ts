import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { factsOf } from '../../platform/i18n/language-facts.ts'
import { languages, views } from '../../platform/i18n/translate.ts'

/** One file of letters, cut from one of fontsource's. */
export interface Part {
  font: 'serif' | 'sans'
  from: 'latin' | 'latin-ext' | 'cyrillic'
  letters: string[]
  /** As style sheets name it. */
  family: string
  /** Null: all weights. */
  weight: number | null
  /** Kerning is a sixth of a file, and hardly seen in small letters without serifs, or in a list of names. */
  kerned: boolean
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => String.fromCodePoint(from + index))
/** Without what no text of a page has, such as the brackets of programs. */
const BASIC = range(0x20, 0x7e).filter((letter) => !'\\^{}|<>~`$*=[]'.includes(letter))
const SIGNS = [...'\u00a0«»‘’“”„–—…·№×−→']
const LATIN = [...range(0xc0, 0xff), ...'ıŒœ¿‚']
const MORE_LATIN = [
  ...range(0x100, 0x17f).filter((letter) => !'ıŒœ'.includes(letter)),
  ...'ƏəȘșȚțẞ',
]
const CYRILLIC = [...range(0x400, 0x45f), ...'Ґґ']

/** The letters of a language: those of its alphabet and of its strings, large and small. */
function lettersOf(language: string): Set<string> {
  const strings = JSON.parse(readFileSync(join(views, 'locales', `${language}.json`), 'utf8'))
  // The names of other languages in the switcher are shown in the system's font.
  const text = JSON.stringify(strings) + (factsOf(language).alphabet ?? '')
  return new Set([...text.toLocaleUpperCase(language), ...text.toLocaleLowerCase(language)])
}

const spoken = new Map(languages.map((language) => [language, lettersOf(language)]))
/** Those whose names stand on pages of every language: their letters are in the files that all pages load. */
const CAMPAIGN = languages.filter((language) => language === 'en' || language === 'az')
const isSpokenIn = (those: string[]) => (letter: string) =>
  those.some((language) => spoken.get(language)!.has(letter))
const isEverywhere = isSpokenIn(CAMPAIGN)
const isSpoken = isSpokenIn(languages)
const isOnlyElsewhere = (letter: string) => isSpoken(letter) && !isEverywhere(letter)
const isForeign = (letter: string) => !isEverywhere(letter)
const isLetter = (sign: string) => /\p{L}/u.test(sign)

const latin = [...BASIC, ...SIGNS, ...LATIN.filter(isEverywhere)]
const more = MORE_LATIN.filter(isEverywhere)
const western = LATIN.filter(isOnlyElsewhere)
const central = MORE_LATIN.filter(isOnlyElsewhere)
const cyrillic = CYRILLIC.filter(isSpoken)

const serif = { font: 'serif', family: 'Undersigned serif', weight: null, kerned: true } as const
const sans = { font: 'sans', family: 'Undersigned sans', weight: null, kerned: false } as const
const names = { font: 'serif', family: 'Undersigned names', weight: 400, kerned: false } as const
const serifLatin = { ...serif, family: 'Undersigned latin' } as const
const sansLatin = { ...sans, family: 'Undersigned sans latin' } as const

/**
 * Letters of the site's languages come in all weights. Names from elsewhere have others, and are set in one weight:
 * what only they need is in files of its own. A browser loads each file when the page has a letter of it;
 * src/browser/styles/whole-page.css says which families a page's language uses: a page in English does not load what
 * Polish needs, and shows a Polish name in the lighter files of names.
 */
export const parts: Record<string, Part> = {
  serif: { ...serif, from: 'latin', letters: latin },
  'serif-more': { ...serif, from: 'latin-ext', letters: more },
  'serif-western': { ...serifLatin, from: 'latin', letters: western },
  'serif-central': { ...serifLatin, from: 'latin-ext', letters: central },
  'serif-cyrillic': {
    ...serif,
    family: 'Undersigned cyrillic',
    from: 'cyrillic',
    letters: cyrillic,
  },
  sans: { ...sans, from: 'latin', letters: latin },
  'sans-more': { ...sans, from: 'latin-ext', letters: more },
  'sans-western': { ...sansLatin, from: 'latin', letters: western },
  'sans-central': { ...sansLatin, from: 'latin-ext', letters: central },
  'sans-cyrillic': { ...sans, from: 'cyrillic', letters: cyrillic },
  names: { ...names, from: 'latin', letters: LATIN.filter(isForeign).filter(isLetter) },
  'names-more': { ...names, from: 'latin-ext', letters: MORE_LATIN.filter(isForeign) },
  'names-cyrillic': { ...names, from: 'cyrillic', letters: CYRILLIC },
}

/** Scripts that these fonts have; pages in others are set in the reader's own fonts. */
const SCRIPTS = new Set(['Latn', 'Cyrl'])

/** Names of the parts that every page in the language has letters of. */
export function partsOf(language: string): string[] {
  if (!SCRIPTS.has(new Intl.Locale(language).maximize().script!)) return []
  const letters = spoken.get(language)!
  const isUsed = (name: string) => parts[name]!.letters.some((letter) => letters.has(letter))
  return Object.keys(parts).filter((name) => !name.startsWith('names') && isUsed(name))
}
