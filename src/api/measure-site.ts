import type pg from 'pg'
import { bytesByName } from '../platform/budget-map.ts'
import type { Fresh } from '../platform/cache.ts'
import type { Mailer } from '../platform/mail/mail.ts'
import { byLabel, type Measure, one, type Tally } from '../platform/measure.ts'
import type { AnswerCache } from '../platform/web/answer-cache.ts'
import type { Shedding } from '../platform/web/shedding.ts'
import { type DatabaseNeeds, measureDatabase } from './measure-database.ts'

/** Shows nobody when a single mail went. */
const STEP_SECONDS = 10

/** There from the start, since alerts on increases miss a counter that begins at 1. */
const SHED = [
  ['read', 'turn'],
  ['form', 'turn'],
  ['link', 'turn'],
  ['form', 'queue'],
  ['link', 'queue'],
] as const

type Needs = DatabaseNeeds & {
  answers: Pick<AnswerCache, 'ready'>
  shedding: Pick<Shedding, 'counted'>
  forms: Tally<string>
  formProblems: Tally<string>
  mailer: Pick<Mailer, 'outcomes'>
  waitingMails: Fresh<Map<string, number>>
  oldestMail: Fresh<number>
  /** The web's; null in a process that also mails, where a connection in use would tell of a mail. */
  pool: Pick<pg.Pool, 'totalCount' | 'idleCount' | 'waitingCount'> | null
}

/**
 * What `/metrics` tells beside the process and its routes. No figure has a petition, a country or a language for a
 * label, nor moves with a single confirmation before the log shows it to everybody: docs/decisions/0041.
 */
export const measureSite = (needs: Needs): Measure[] => [
  // First: what follows asks for connections itself.
  ...measurePool(needs),
  ...measureRequests(needs),
  ...measureForms(needs),
  measureCaches(),
  ...measureMails(needs),
  ...measureDatabase(needs),
]

function measureRequests({ answers, shedding }: Needs): Measure[] {
  return [
    {
      name: 'http_ready_answers_total',
      help: 'Answers sent from memory before routing, which the duration of requests does not count',
      kind: 'counter',
      labels: ['route'],
      aggregator: 'sum',
      read: () => byLabel(answers.ready.served()),
    },
    {
      name: 'undersigned_requests_shed_total',
      help: 'Requests refused at once with 503, since more came than are answered in time',
      kind: 'counter',
      labels: ['kind', 'reason'],
      aggregator: 'sum',
      read: () => [
        ...SHED.map((labels) => [labels, 0] as const),
        ...shedding.counted().map(({ kind, reason, count }) => [[kind, reason], count] as const),
      ],
    },
  ]
}

/** In steps: the exact figure would tell how long a domain is that somebody has just typed. */
const CACHE_STEP_BYTES = 64 * 1024

const measureCaches = (): Measure => ({
  name: 'undersigned_cache_bytes',
  help: 'Memory of what is kept within a budget, by what it is; rounded up to 64 KiB',
  kind: 'gauge',
  labels: ['cache'],
  aggregator: 'sum',
  read: () =>
    byLabel(
      Array.from(bytesByName(), ([name, bytes]) => [
        name,
        Math.ceil(bytes / CACHE_STEP_BYTES) * CACHE_STEP_BYTES,
      ]),
    ),
})

function measureForms({ forms, formProblems }: Needs): Measure[] {
  return [
    {
      name: 'undersigned_forms_total',
      help: 'Forms to sign, by what became of them; accepted ones are durable',
      kind: 'counter',
      labels: ['outcome'],
      aggregator: 'sum',
      read: () => byLabel(forms.counts()),
    },
    {
      name: 'undersigned_form_problems_total',
      help: 'Fields of forms that were shown again with a question or a complaint about them',
      kind: 'counter',
      labels: ['field'],
      aggregator: 'sum',
      read: () => byLabel(formProblems.counts()),
    },
  ]
}

function measureMails({ mailer, waitingMails, oldestMail }: Needs): Measure[] {
  return [
    {
      name: 'undersigned_mails_total',
      help: 'Mails of this process, by what they are about and what the mail server did with them',
      kind: 'counter',
      labels: ['lane', 'outcome'],
      aggregator: 'sum',
      read: () =>
        mailer
          .outcomes()
          .map(({ lane, outcome, mails }) => [[lane, outcome.replaceAll(' ', '_')], mails]),
    },
    {
      name: 'mails_waiting',
      help: 'Mails that were put off, by why; of all processes, also of workers without a port',
      kind: 'gauge',
      labels: ['why'],
      aggregator: 'max',
      read: async () => byLabel(await waitingMails.get()),
    },
    {
      name: 'undersigned_mail_oldest_seconds',
      help: 'For how long the oldest mail has waited that no worker is sending; of all processes',
      kind: 'gauge',
      aggregator: 'max',
      read: async () => one(Math.floor((await oldestMail.get()) / STEP_SECONDS) * STEP_SECONDS),
    },
  ]
}

function measurePool({ pool }: Needs): Measure[] {
  if (!pool) return []
  return [
    {
      name: 'undersigned_database_connections',
      help: 'Connections of the web to the database, and requests that wait for one',
      kind: 'gauge',
      labels: ['state'],
      aggregator: 'sum',
      read: () => [
        [['used'], pool.totalCount - pool.idleCount],
        [['idle'], pool.idleCount],
        [['waiting'], pool.waitingCount],
      ],
    },
  ]
}
