const NO_BREAK = '\u00a0'

/** Prepositions, and conjunctions of one letter, that Russian and Belarusian typography keeps off a line's end. */
const SHORT = [
  ...[
    'а',
    'в',
    'во',
    'до',
    'за',
    'и',
    'из',
    'к',
    'ко',
    'на',
    'о',
    'об',
    'от',
    'по',
    'с',
    'со',
    'у',
  ],
  ...['аб', 'ад', 'да', 'з', 'зе', 'і', 'ў', 'па', 'са'],
].join('|')

/** Behind a number: digits or, in a string of views/locales, its placeholder. */
const NUMBER = String.raw`(?<=\d|,\s?number\}\}|%)`
const UNIT = /(?<=\d|\}\}) (?=(?:[kMG]B|[кКМГ]Б|UTC|%)(?![\p{L}\p{N}]))/gu
const NUMBER_AND_WORD = new RegExp(String.raw`${NUMBER} (?=\p{L})`, 'gu')
const AFTER_SHORT_WORD = new RegExp(String.raw`(?<=(?<![\p{L}\p{N}'’-])(?:${SHORT})) (?=\S)`, 'giu')
const ABBREVIATION = / (?=(?:г|гг|стст?|руб|тыс|млн|млрд)\.(?!\p{L}))/gu
const BEFORE_DASH = / (?=[—–] )/gu

const COMMON = [UNIT]
const WITH_NUMBERS = [...COMMON, NUMBER_AND_WORD]
const CYRILLIC = [...WITH_NUMBERS, AFTER_SHORT_WORD, ABBREVIATION, BEFORE_DASH]
const RULES: Readonly<Record<string, readonly RegExp[]>> = {
  az: WITH_NUMBERS,
  ru: CYRILLIC,
  be: CYRILLIC,
  uk: CYRILLIC,
}

/**
 * Replaces spaces by U+00A0 between a number and its unit, and after short words where the language's typography
 * forbids a line break. In English only units are kept.
 */
export function bindWords(text: string, language: string): string {
  const rules = Object.hasOwn(RULES, language) ? RULES[language]! : COMMON
  return rules.reduce((bound, rule) => bound.replace(rule, NO_BREAK), text)
}
