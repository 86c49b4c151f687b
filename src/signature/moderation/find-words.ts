import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { views } from '../../platform/i18n/translate.ts'

/**
 * Words that hold a name or comment until somebody has read it: one a line, with `*` at the end for all that begin so.
 * Lines with `#` are notes. All languages' lists are looked through, since people write in another than the page's.
 */
const FOLDER = join(views, 'words')

const BETWEEN_WORDS = /[^\p{L}\p{M}\p{N}*]+/u
const SPELT_OTHERWISE: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  $: 's',
  '@': 'a',
}

export type FindWords = (text: string) => boolean

/** @param own the operator's, beside those of `views/words` */
export function createFindWords(own: readonly string[] = []): FindWords {
  const exact = new Set<string>()
  const beginnings: string[] = []
  for (const line of [...readLists(), ...own]) {
    const [word = ''] = folded(line.split('#', 1)[0]!).split(/\s+/).filter(Boolean)
    if (word.endsWith('*') && word.length > 2) beginnings.push(word.slice(0, -1))
    else if (word) exact.add(word)
  }
  return (text) =>
    [text, respelt(text)]
      .flatMap((each) => folded(each).split(BETWEEN_WORDS))
      .some((word) => exact.has(word) || beginnings.some((beginning) => word.startsWith(beginning)))
}

/** As read: compatibility forms, accents and case set aside. Not й and ў, which are letters. İ becomes an i with a dot of its own. */
const folded = (text: string) =>
  text.normalize('NFKC').toLowerCase().replaceAll('i\u0307', 'i').replaceAll('ё', 'е').trim()

/** `sh1t` and `a$$`. */
const respelt = (text: string) =>
  text.replace(
    /[013458$@]/g,
    (sign) => (Object.hasOwn(SPELT_OTHERWISE, sign) && SPELT_OTHERWISE[sign]) || sign,
  )

function readLists(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.txt'))
    .flatMap((file) => readFileSync(join(FOLDER, file), 'utf8').split('\n'))
}
