/** Where signatures come from, as `--from` takes it. */
export const origins = ['change.org', 'actionnetwork', 'openpetition', 'csv'] as const
export type Origin = (typeof origins)[number]

export type Field =
  | 'name'
  | 'first'
  | 'last'
  | 'email'
  | 'country'
  | 'postcode'
  | 'comment'
  | 'date'
  | 'language'

/**
 * Headings without case, spaces and signs, as the exports of these sites have them and people write them. Wishes for
 * mail are not among them: what somebody allowed elsewhere was not allowed here.
 */
const HEADINGS: Readonly<Record<Field, string>> = {
  name: 'name fullname signername vollername имя фио ad adsoyad імя',
  first: 'firstname givenname vorname prenom nombre имя1',
  last: 'lastname familyname surname nachname nom apellido фамилия soyad прозвішча',
  email: 'email emailaddress mail mailadresse emailadresse correo почта эпошта eпочта epocht epoçt',
  country: 'country countrycode land pays pais страна ölkə краіна',
  postcode: 'postcode postalcode zip zipcode zippostalcode plz postleitzahl индекс',
  comment: 'comment comments reason reasonforsigning kommentar begründung комментарий',
  date: 'date signedon signedat signedondate createdat timestamp timestampest actiondate datum unterschriebenam дата',
  language: 'language lang preferredlanguage sprache язык',
}

/** Words for a name that mean a part of it where another column has the other part. */
const MAYBE_PART = 'name имя ad імя'

/** Without accents, which people leave out: `prenom` is "Prénom". */
const bare = (heading: string) =>
  heading
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

const bareWords = (words: string) => words.split(' ').map(bare)
const PARTS = new Set(bareWords(MAYBE_PART))
const BY_HEADING = new Map<string, Field>(
  Object.entries(HEADINGS).flatMap(([field, words]) =>
    bareWords(words).map((word) => [word, field as Field] as const),
  ),
)

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
