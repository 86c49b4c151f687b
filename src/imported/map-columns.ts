import { type Field, HEADINGS } from './headings.ts'

/** Where signatures come from, as `--from` takes it. */
export const origins = ['change.org', 'actionnetwork', 'openpetition', 'csv'] as const
export type Origin = (typeof origins)[number]

/** Letters that people write in more than one way: without a tail, on an Arabic keyboard, on a Cyrillic one. */
const SAME = new Map(
  'ıi łl əe يی ىی كک аa еe іi оo рp сc уy хx'.split(' ').map(([from, to]) => [from!, to!] as const),
)

/**
 * A heading as it is compared: without case, spaces, hyphens, apostrophes and other signs, nor the accents that people
 * leave out, so that `PRENOM` is "Prénom" and `e_posta` is "E-posta".
 */
const bare = (heading: string) =>
  [...heading.normalize('NFKD').toLowerCase()]
    .filter((letter) => /[\p{L}\p{N}]/u.test(letter) && !/\p{Lm}/u.test(letter))
    .map((letter) => SAME.get(letter) ?? letter)
    .join('')

const PARTS = new Set<string>()
const BY_HEADING = new Map<string, Field>()
for (const fields of Object.values(HEADINGS)) {
  for (const [kind, words] of Object.entries(fields)) {
    for (const word of words.split(',').map(bare)) {
      if (kind === 'given') PARTS.add(word)
      BY_HEADING.set(word, kind === 'given' || kind === 'whole' ? 'name' : (kind as Field))
    }
  }
}

export interface Columns {
  /** The positions of the fields that were found. */
  at: ReadonlyMap<Field, number>
  /** Headings as they stand, each with its field; null: it is not taken. */
  understood: { heading: string; field: Field | null }[]
}

/** What each column is, by its heading. Of two for the same field the first counts. */
export function mapColumns(headings: readonly string[]): Columns {
  const at = new Map<Field, number>()
  const understood = headings.map((heading, index) => {
    const field = BY_HEADING.get(bare(heading)) ?? null
    if (field === null || at.has(field)) return { heading, field: null }
    at.set(field, index)
    return { heading, field }
  })
  const name = at.get('name')
  // German files call a family name "Name", beside "Vorname"; Russian ones a first name "Имя", beside "Фамилия".
  const isPart = name !== undefined && PARTS.has(bare(headings[name]!))
  if (isPart && at.has('first') !== at.has('last')) {
    const part = at.has('first') ? 'last' : 'first'
    at.delete('name')
    at.set(part, name)
    understood[name]!.field = part
  }
  return { at, understood }
}
