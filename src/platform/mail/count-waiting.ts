import { type Kysely, sql } from 'kysely'
import type { Later, WhyLater } from './mailer.ts'
import { FAILURE_KINDS } from './read-failure.ts'

const PREFIX = 'waits:'

/** Flags a mail's job with the reason of its wait, unless that is untold. */
export const waitingFlags = ({ kind }: Later): string[] => (kind ? [`${PREFIX}${kind}`] : [])

const WAITING: readonly WhyLater[] = [...FAILURE_KINDS, 'fault']

/**
 * How many mails wait that were put off, by reason, without untold ones. Counted in the database, so that a web node
 * can report what happens to workers.
 */
export async function countWaiting<T>(db: Kysely<T>): Promise<Map<WhyLater, number>> {
  const { rows } = await sql<{ why: WhyLater; mails: number }>`
    select substr(flag, ${PREFIX.length + 1}::int) as why, count(*)::int as mails
      from graphile_worker.jobs, jsonb_object_keys(flags) as flag
     where starts_with(flag, ${PREFIX})
     group by 1`.execute(db)
  const counted = new Map(rows.map(({ why, mails }) => [why, mails]))
  return new Map(WAITING.map((why) => [why, counted.get(why) ?? 0]))
}
