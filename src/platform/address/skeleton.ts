/**
 * Letters that pass for ASCII's, in small letters. Other alphabets as UTS 39's table of confusables has them; of
 * Latin those that some language writes and that NFKD doesn't take apart (LATIN of find-foreign-letter.ts).
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
/** Letters of ASCII that are read as others. */
const RUNS = new Map([
  ['rn', 'm'],
  ['vv', 'w'],
  ['cl', 'd'],
  ['0', 'o'],
  ['1', 'l'],
])

/**
 * What a domain is read as, for comparing two of them: without marks, in letters of ASCII, and one letter for those
 * that are hard to tell apart.
 */
export function skeleton(domain: string): string {
  const bare = domain.normalize('NFKD').replace(/[\p{M}\u00b7]/gu, '')
  const ascii = [...bare].map((letter) => ALIKE[letter] ?? letter).join('')
  return readAscii(ascii).replaceAll('i', 'l').replaceAll('v', 'u')
}

/** The same for letters of ASCII alone, and only where two or more look like one, or a digit like a letter. */
export const readAscii = (text: string): string =>
  text.replace(/rn|vv|cl|[01]/g, (run) => RUNS.get(run)!)
