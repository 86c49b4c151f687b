import type { Field } from '../imported/headings.ts'
import type { ListedBatch, Survey } from '../imported/imports.ts'
import { escapeUnsafe } from '../platform/terminal/escape-unsafe.ts'
import { howMany } from '../platform/terminal/how-many.ts'

/** So that a file of one address doesn't ask who has signed. */
const FEW = 5

/** What was understood of a file: headings and numbers, and nothing of its people. */
export function tellSurvey(survey: Survey): string[] {
  const { columns, rows, people, duplicates, known, bad, unread } = survey
  const taken = columns.understood.filter(({ field }) => field)
  const left = columns.understood.filter(({ field }) => !field)
  const quote = (heading: string) => `“${escapeUnsafe(heading).slice(0, 60)}”`
  return [
    `Columns: ${taken.map(({ heading, field }) => `${quote(heading)} as ${NAMES.get(field!)}`).join(', ')}.`,
    ...(left.length > 0
      ? [`Not taken: ${left.map(({ heading }) => quote(heading)).join(', ')}.`]
      : []),
    `Rows: ${rows}. People who would be taken in: ${known < FEW ? people + known : people}${known < FEW ? ', or a few less' : ''}.`,
    `Of a mailbox that the file has already: ${duplicates}. There already, signed here or imported before: ${known < FEW ? `fewer than ${FEW}` : known}.`,
    ...Object.entries(unread)
      .filter(([, count]) => count > 0)
      .map(
        ([field, count]) =>
          `Without a ${field} that can be read: ${count}; they are taken without it.`,
      ),
    `Rows that can't be taken: ${bad.count}.`,
    ...bad.listed.map(({ line, problem }) => `  line ${line} ${problem}`),
    ...(bad.count > bad.listed.length ? [`  and ${bad.count - bad.listed.length} more`] : []),
  ]
}

const NAMES: ReadonlyMap<Field, string> = new Map([
  ['name', 'name'],
  ['first', 'first name'],
  ['last', 'last name'],
  ['email', 'e-mail address'],
  ['country', 'country'],
  ['postcode', 'postcode'],
  ['comment', 'comment'],
  ['date', 'day of signing'],
  ['language', 'language'],
])

export function tellBatch(batch: ListedBatch): string {
  const { id, origin, begunAt, endedAt, signatures, held, invited, waiting } = batch
  const state = endedAt ? 'whole' : 'unfinished, and shown nowhere: the same command goes on'
  return [
    id,
    origin,
    begunAt.toISOString().slice(0, 10),
    `${signatures} taken in`,
    `${held} held`,
    `${invited} of them invited`,
    `${howMany(waiting, 'invitation waits', 'invitations wait')}`,
    state,
  ].join('\t')
}
