import { type Kysely, sql } from 'kysely'
import type { Clock } from '../clock.ts'
import type { Later, WhyLater } from './mail.ts'
import { FAILURE_KINDS } from './read-failure.ts'

/** Figures about mails for `/metrics` and `/readyz`, none of them about a mail that `isUntold`. */

/** Begins the flag of a job whose mail waits; the reason follows. */
const WAITING_FLAG = 'waits:'
/** Begins the flag that says since when, in milliseconds since 1970. */
const SINCE_FLAG = 'since:'
const WAITING: readonly WhyLater[] = [...FAILURE_KINDS, 'fault']

/** Flags a mail's job with the reason of its wait and its begin, unless that is untold. */
export const waitingFlags = ({ kind }: Later, since: number): string[] =>
  kind ? [`${WAITING_FLAG}${kind}`, `${SINCE_FLAG}${since}`] : []

/**
 * How many mails wait that were put off, by reason, without untold ones. Counted in the database, so that a web node
 * can report what happens to workers.
 */
export async function countWaiting<T>(db: Kysely<T>): Promise<Map<WhyLater, number>> {
  const { rows } = await sql<{ why: WhyLater; mails: number }>`
    select substr(flag, ${WAITING_FLAG.length + 1}::int) as why, count(*)::int as mails
      from graphile_worker.jobs, jsonb_object_keys(flags) as flag
     where starts_with(flag, ${WAITING_FLAG})
     group by 1`.execute(db)
  const counted = new Map(rows.map(({ why, mails }) => [why, mails]))
  return new Map(WAITING.map((why) => [why, counted.get(why) ?? 0]))
}

/**
 * For how many seconds the oldest mail has waited that no worker is sending at this moment: of forms whose mail was
 * never tried, and of mails that were put off. 0 where none waits. Mails that wait for their turn are not among them.
 *
 * @param task of jobs that mail new forms
 * @param clock by which mails are put off; jobs are added by the database's
 */
export async function oldestWaiting<T>(db: Kysely<T>, task: string, clock: Clock): Promise<number> {
  const { rows } = await sql<{ seconds: number | null }>`
    select max(seconds)::float8 as seconds from (
      select extract(epoch from now() - created_at) as seconds
        from graphile_worker.jobs where task_identifier = ${task} and locked_at is null
      union all
      select (${clock.now().getTime()}::float8 - substr(flag, ${SINCE_FLAG.length + 1}::int)::float8) / 1000
        from graphile_worker.jobs, jsonb_object_keys(flags) as flag
       where starts_with(flag, ${SINCE_FLAG})) as waiting`.execute(db)
  return Math.max(0, rows[0]?.seconds ?? 0)
}

/** Labels of the metric of mails that went out or did not, in this process. */
const MAIL_OUTCOMES = ['accepted', 'refused', 'put off', 'perhaps accepted'] as const
type CountedOutcome = (typeof MAIL_OUTCOMES)[number]

/** What a mail is about, where that may be told. */
const MAIL_LANES = ['confirmation', 'welcome', 'update'] as const
export type MailLane = (typeof MAIL_LANES)[number]

/** @returns every pair, also with 0 mails */
export function createOutcomeCounts() {
  const counts = MAIL_LANES.flatMap((lane) =>
    MAIL_OUTCOMES.map((outcome) => ({ lane, outcome, mails: 0 })),
  )
  return {
    counts,
    note(mail: { lane?: MailLane; isUntold?: boolean }, outcome: CountedOutcome): void {
      if (mail.isUntold) return
      const count = counts.find((one) => one.lane === mail.lane && one.outcome === outcome)
      if (count) count.mails++
    },
  }
}
