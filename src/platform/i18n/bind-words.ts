import { factsOf, orderOfLanguages } from './language-facts.ts'

const NO_BREAK = '\u00a0'
const NARROW = '\u202f'

/** Behind a number: digits or, in a string of views/locales, its placeholder. */
const NUMBER = String.raw`(?<=\p{Nd}|,\s?number\}\}|%)`
const UNIT = /(?<=\p{Nd}|\}\}) (?=(?:[kMG]B|[кКМГ]Б|[kM]o|UTC|%)(?![\p{L}\p{N}]))/gu
const NUMBER_AND_WORD = new RegExp(String.raw`${NUMBER} (?=\p{L})`, 'gu')
const ABBREVIATION = / (?=(?:г|гг|р|рр|стст?|руб|тыс|тис|млн|млрд)\.(?!\p{L}))/gu
const BEFORE_DASH = / (?=[—–] )/gu
const SHORT_WORD = /(?<![\p{L}\p{N}'’-])(\p{L}{1,3}) (?=\S)/gu
/** French keeps some marks off the word by a narrow space, and quotation marks off what they hold. */
const FRENCH = /(?<=\S)[ \u00a0](?=[;:!?»](?![\p{L}\p{N}/]))|(?<=«)[ \u00a0]/gu

type Bind = (text: string) => string

const binds = (rule: RegExp, space: string) => (text: string) => text.replace(rule, space)
const COMMON: readonly Bind[] = [binds(UNIT, NO_BREAK)]
const WITH_NUMBERS = [...COMMON, binds(NUMBER_AND_WORD, NO_BREAK)]
const CYRILLIC = [binds(ABBREVIATION, NO_BREAK), binds(BEFORE_DASH, NO_BREAK)]
const OWN: ReadonlyMap<string, readonly Bind[]> = new Map([
  ['ru', CYRILLIC],
  ['be', CYRILLIC],
  ['uk', CYRILLIC],
  ['fr', [binds(FRENCH, NARROW)]],
])

/** Of every language that is known but English. */
const rules: ReadonlyMap<string, readonly Bind[]> = new Map(
  orderOfLanguages
    .filter((language) => language !== 'en')
    .map((language) => [
      language,
      [...WITH_NUMBERS, bindsShortWords(language), ...(OWN.get(language) ?? [])],
    ]),
)

function bindsShortWords(language: string): Bind {
  const words = new Set(factsOf(language).short?.split(' '))
  return (text) =>
    text.replace(SHORT_WORD, (found, word: string) =>
      words.has(word.toLocaleLowerCase(language)) ? word + NO_BREAK : found,
    )
}

/**
 * Replaces spaces by U+00A0 between a number and its unit, and after short words where the language's typography
 * forbids a line break; in French by U+202F where it wants one. In English only units are kept.
 */
export function bindWords(text: string, language: string): string {
  const own = rules.get(language) ?? COMMON
  return own.reduce((bound, bind) => bind(bound), text)
}
