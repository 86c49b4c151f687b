import { type TSchema, Type } from 'typebox'
import { SMALL_CELL } from '../count/read-counts.ts'
import { STAGES } from '../petition/stages.ts'

/** The breakdowns that are public; that by source is for the organisers alone. */
const publicBreakdowns = ['total', 'hour', 'day', 'country', 'language'] as const

export const count = (description: string) => Type.Integer({ description })
export const moment = (description: string) => Type.String({ format: 'date-time', description })
export const address = (description: string) => Type.String({ format: 'uri', description })

export const SlugParams = Type.Object({
  slug: Type.String({ description: "The petition's name in its address" }),
})

export const TitleQuery = Type.Object({
  lang: Type.Optional(
    Type.String({
      maxLength: 35,
      description: 'Language of the title (BCP 47); the default where there is no such text',
    }),
  ),
})

export const CountsQuery = Type.Object({
  by: Type.Optional(
    Type.Enum([...publicBreakdowns], {
      default: 'total',
      description: `What to count by. So that nobody can be identified, small countries and languages are summed up as "other". With guarded figures these have fewer than 10 to 20 signatures, and the figures of larger ones move in steps, together with the batches of the public log; with live figures they have fewer than ${SMALL_CELL}`,
    }),
  ),
})

export const PetitionAnswer = Type.Object(
  {
    slug: Type.String(),
    status: Type.Enum(['upcoming', 'open', 'closed'], {
      description: 'The simple one: a paused petition is open, a delivered or answered one closed',
    }),
    stage: Type.Enum([...STAGES], {
      description:
        'The same in full. `paused`: the organisers take no forms for the moment. `delivered`, `answered`: closed, and handed over to those whom it asks',
    }),
    hidden: Type.Boolean({
      description:
        'Whether its texts are hidden at present: `title` is then its slug. It takes no signatures meanwhile; its count and its entries in the log stay public',
    }),
    delivery: Type.Union(
      [
        Type.Object({
          on: Type.String({ format: 'date', description: 'The day it was handed over' }),
          to: Type.Record(Type.String(), Type.String(), { description: 'To whom, by language' }),
          answered: Type.Union([
            Type.Object({
              on: Type.String({ format: 'date' }),
              url: Type.Union([Type.String({ format: 'uri' }), Type.Null()]),
            }),
            Type.Null(),
          ]),
        }),
        Type.Null(),
      ],
      { description: 'Null before it was handed over to those whom it asks' },
    ),
    title: Type.String(),
    languages: Type.Array(Type.String(), { description: 'BCP 47; the first is the default' }),
    goal: count('The next goal; it rises as the count comes near'),
    signatures: Type.Object({
      confirmed: count('Confirmed by e-mail, ever'),
      withdrawn: count('Withdrawn by their signers'),
      voided: count('Voided by the organisers, each with a reason'),
      counted: count('The number that is shown: confirmed − withdrawn − voided'),
    }),
    paper: count(
      "Signatures on paper, by the organisers' own word: nobody can verify them, and they are in no other number",
    ),
    imported: count(
      "Signatures collected on other sites, by the organisers' own word: nobody has verified them here, and they are in no other number",
    ),
    scrutiny: Type.Object(
      {
        received: count('Forms received, confirmed or not, in tens'),
        quarantined: count(
          'Confirmed signatures that do not count until the organisers have looked at them, in tens; they are not in `signatures.confirmed`, unless the log had them before',
        ),
        turnedAway: count(
          'Confirmed signatures that were voided before the log counted them: the sum of its `turned-away` entries',
        ),
      },
      { description: 'Brought up to date once an hour' },
    ),
    log: Type.Union(
      [
        Type.Object({
          certified: count('What the entries of the public log add up to, at this checkpoint'),
          size: count('Entries of the log, of all petitions, at this checkpoint'),
          certifiedAt: moment('When this checkpoint was published'),
          interval: count('Seconds between two batches: a confirmed signature waits that long'),
          vkey: Type.String({ description: 'The key that signs the log, as a note verifier key' }),
        }),
        Type.Null(),
      ],
      { description: 'The public log; null before its first checkpoint' },
    ),
    opensAt: moment(
      'When it opened or will open, with the offset of the zone that the organisers meant',
    ),
    closesAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
      description: 'When it closed or will close, likewise; null without a date',
    }),
    updatedAt: moment('When its text or settings last changed'),
    urls: Type.Object({
      page: address("Leads to the reader's language"),
      pages: Type.Record(Type.String(), Type.String(), {
        description: 'The page in each language',
      }),
      verify: address('How to check the count'),
      log: address('The checkpoint of the public log'),
      api: address('This'),
      counts: address('Counts as JSON'),
      countsCsv: address('Counts as CSV'),
      countsXlsx: address('Counts as XLSX'),
      targets: address('Those whom it asks, and their answers'),
    }),
  },
  { description: 'The petition and its count' },
)

export const PetitionsAnswer = Type.Object(
  { petitions: Type.Array(PetitionAnswer) },
  { description: 'Every petition, upcoming and closed ones too' },
)

export const CountsAnswer = Type.Object({
  slug: Type.String(),
  by: Type.Enum([...publicBreakdowns]),
  rows: Type.Array(Type.Object({ key: Type.String(), signatures: Type.Integer() }), {
    description:
      'Keys are "total", hours (2024-11-11T09Z) or days (2024-11-11) in UTC, countries (ISO 3166-1 alpha-2) or languages (BCP 47). Hours and days without signatures are left out',
  }),
  counted: count('The sum of the rows'),
  generatedAt: moment('When this server last saw a figure change; until then the ETag holds'),
})

/** A version of a petition's text: the log holds the hash of these very bytes. */
export const TextAnswer = Type.Object(
  {
    title: Type.String(),
    slogan: Type.String(),
    summary: Type.String(),
    notice: Type.Union([Type.String(), Type.Null()]),
    who: Type.String(),
    whom: Type.String(),
    what: Type.String(),
    demands: Type.Array(Type.String()),
    facts: Type.Array(
      Type.Object({
        text: Type.String({ description: 'Markdown' }),
        sources: Type.Array(Type.String(), { description: 'Ids of its sources' }),
      }),
    ),
    organisers: Type.Record(Type.String(), Type.String(), { description: 'Names by id' }),
    sources: Type.Record(
      Type.String(),
      Type.Object({ title: Type.String(), publisher: Type.String() }),
      { description: 'By id' },
    ),
    body: Type.String({ description: 'Markdown' }),
  },
  { description: 'The text; keys are sorted, and there is no space between them' },
)

/** age recipients, one a line. */
export const RecipientsAnswer = Type.String({ pattern: '^(age1[0-9a-z]+\n)*$' })

export const header = (description: string, type: 'string' | 'integer' = 'string') => ({
  type,
  description,
})
export const CACHING = {
  etag: header('Send it back as If-None-Match'),
  'cache-control': header('How long the answer may be kept'),
}
const PROBLEM = { statusCode: Type.Integer(), error: Type.String(), message: Type.String() }
export const Problem = Type.Object(PROBLEM)
const problem = (description: string, headers = {}) =>
  Type.Object(PROBLEM, { description, headers })

/** Every status of an operation. Bytes that never become a request, such as headers too long, are answered in text. */
export function answersOf(mediaType: string, description: string, schema: TSchema) {
  return {
    200: { description, headers: CACHING, content: { [mediaType]: { schema } } },
    304: Type.Null({ description: 'What If-None-Match names still holds', headers: CACHING }),
    400: problem('What is malformed, in English'),
    404: problem('There is no such petition, text or breakdown'),
    410: problem('The petition was deleted before anybody signed it, or its texts are hidden'),
    414: problem('The address is too long'),
    500: problem('Something went wrong on this side'),
    503: problem('The service is away for a moment', {
      'retry-after': header('Seconds', 'integer'),
    }),
  }
}

/** The same for a list: no name in its address could be unknown or too long. */
export function answersOfList(mediaType: string, description: string, schema: TSchema) {
  const {
    404: _missing,
    410: _gone,
    414: _long,
    ...answers
  } = answersOf(mediaType, description, schema)
  return answers
}
