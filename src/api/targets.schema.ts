import { Type } from 'typebox'
import { OFFICES, STANCES } from '../target/facts.ts'

const texts = (description: string) =>
  Type.Union([Type.Record(Type.String(), Type.String()), Type.Null()], { description })
const day = (description: string) => Type.String({ format: 'date', description })
const orNull = <T extends ReturnType<typeof Type.String>>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description })
const stance = Type.Enum([...STANCES])

const Entry = Type.Object({
  id: Type.Integer({ description: 'Its number: `corrects` refers to it' }),
  kind: Type.Enum(['asked', 'answered', 'mistake'], {
    description: '`mistake`: what the entry that it corrects tells never happened',
  }),
  on: day('The day on which it happened'),
  notedAt: Type.String({ format: 'date-time', description: 'When it was noted here' }),
  stance: Type.Union([stance, Type.Null()], { description: 'Of an answer' }),
  texts: texts('What was answered, by language'),
  source: orNull(Type.String(), 'Where it can be read'),
  corrects: Type.Union([Type.Integer(), Type.Null()], {
    description: 'The entry that this one takes the place of',
  }),
  stands: Type.Boolean({ description: 'False once another has taken its place' }),
})

const Target = Type.Object({
  id: Type.String(),
  country: Type.String({ description: 'ISO 3166-1 alpha-2' }),
  office: Type.Union([Type.Enum([...OFFICES]), Type.Null()], {
    description: 'The office; null where it has a name instead',
  }),
  name: texts('Its name, by language'),
  contact: orNull(Type.String(), 'A public address: of e-mail, or of a page with a form'),
  asked: texts('What this one is asked, by language, where it is not what all are'),
  state: Type.Enum(['unasked', 'asked', 'silent', 'answered'], {
    description: '`silent`: asked a fortnight ago or longer, without an answer',
  }),
  since: orNull(
    Type.String({ format: 'date' }),
    'The day of the answer that stands, or the first on which it was asked',
  ),
  stance: Type.Union([stance, Type.Null()], { description: 'Of the answer that stands' }),
  history: Type.Array(Entry, { description: 'All that was noted, the oldest first' }),
})

export const TargetsAnswer = Type.Object(
  { slug: Type.String(), targets: Type.Array(Target) },
  { description: "Those whom the petition asks, in its organisers' order" },
)
