/** What is known of a language beside its strings. All of it may be left out: docs/translating.md says what follows. */
export interface LanguageFacts {
  /** Countries where most of its readers live, for the top of the list of countries. */
  likely?: string
  /** Words of up to three letters that its typography keeps off a line's end. */
  short?: string
  /** Its whole alphabet, where the strings of views/locales might not have every letter. */
  alphabet?: string
}

const CYRILLIC = 'абвгдежзийклмнопрстуфхцчшщьюя'

/** In the order of the switcher: the original first, then the languages of the first campaign, then those of Europe. */
const FACTS: ReadonlyMap<string, LanguageFacts> = new Map<string, LanguageFacts>([
  ['en', { likely: 'GB US DE FR PL AZ' }],
  ['az', { likely: 'AZ TR DE GE RU', alphabet: 'abcçdeəfgğhxıijkqlmnoöprsştuüvyzâ' }],
  [
    'ru',
    {
      likely: 'RU DE AZ BY KZ GE',
      short: 'а в во до за и из к ко на о об от по с со у',
      alphabet: `${CYRILLIC}ёъыэ`,
    },
  ],
  [
    'be',
    {
      likely: 'BY PL LT DE GE',
      short: 'а аб ад да до з за зе і к на о па с са у ў',
      alphabet: 'абвгдеёжзійклмнопрстуўфхцчшыьэюя’',
    },
  ],
  [
    'uk',
    {
      likely: 'UA PL DE CZ',
      short: 'а б в до є за з зі і із й на о об по та у',
      alphabet: `${CYRILLIC}ґєії’`,
    },
  ],
  [
    'pl',
    { likely: 'PL GB DE UA', short: 'a i o u w z', alphabet: 'aąbcćdeęfghijklłmnńoóprsśtuwyzźż' },
  ],
  ['de', { likely: 'DE AT CH', alphabet: 'abcdefghijklmnopqrstuvwxyzäöüß' }],
  ['fr', { likely: 'FR BE CH CA', alphabet: 'abcdefghijklmnopqrstuvwxyzàâæçèéêëîïôœùûü' }],
  ['es', { likely: 'ES MX AR CO CL', alphabet: 'abcdefghijklmnñopqrstuvwxyzáéíóúü¿¡' }],
  ['tr', { likely: 'TR DE AZ NL', alphabet: 'abcçdefgğhıijklmnoöprsştuüvyz' }],
  ['ka', { likely: 'GE DE GR US' }],
  ['fa', { likely: 'IR AF DE CA US SE' }],
])

export const orderOfLanguages: readonly string[] = [...FACTS.keys()]

export const factsOf = (language: string): LanguageFacts => FACTS.get(language) ?? {}
