/**
 * Lower-case letters that look like ASCII's. Other alphabets by UTS 39's table of confusables; of Latin those that
 * some language writes and that NFKD doesn't decompose (LATIN of find-foreign-letter.ts).
 */
const ALIKE: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ['3', 'ʒ'],
    ['a', 'аɑα'],
    ['ae', 'æӕ'],
    ['b', 'ьßɓ'],
    ['c', 'сϲ'],
    ['d', 'ԁđðɖɗ'],
    ['e', 'еєҽεəәɛ'],
    ['f', 'ƒ'],
    ['g', 'ɡցǥԍ'],
    ['h', 'һհħ'],
    ['i', 'іıιɩ'],
    ['j', 'јյϳ'],
    ['k', 'кκƙ'],
    ['l', 'ӏłᅵ丨'],
    ['m', 'м'],
    ['n', 'ոռпηŋ'],
    ['o', 'оοօøσɔᄋ〇'],
    ['oe', 'œ'],
    ['p', 'рρþ'],
    ['q', 'ԛզ'],
    ['r', 'г'],
    ['s', 'ѕ'],
    ['t', 'тτŧ'],
    ['u', 'սυц'],
    ['v', 'ѵνʋ'],
    ['w', 'ԝѡω'],
    ['x', 'хχ'],
    ['y', 'уүγɣƴ'],
  ].flatMap(([ascii, letters]) => [...letters!].map((letter) => [letter, ascii!])),
)
/** ASCII letters that are read as others. */
const RUNS = new Map([
  ['rn', 'm'],
  ['vv', 'w'],
  ['cl', 'd'],
  ['0', 'o'],
  ['1', 'l'],
])

/**
 * A domain as a hasty reader sees it, for comparing two of them: without marks, in ASCII letters, and one letter for
 * those that are hard to tell apart.
 */
export function skeleton(domain: string): string {
  const bare = domain.normalize('NFKD').replace(/[\p{M}\u00b7]/gu, '')
  const ascii = [...bare].map((letter) => ALIKE[letter] ?? letter).join('')
  return readAscii(ascii).replaceAll('i', 'l').replaceAll('v', 'u')
}

/** The same for ASCII alone, and only where two letters look like one, or a digit like a letter. */
export const readAscii = (text: string): string =>
  text.replace(/rn|vv|cl|[01]/g, (run) => RUNS.get(run)!)
