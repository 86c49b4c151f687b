import { sql } from 'kysely'
import type { Db } from '../../database.ts'
import { ago, HOUR } from '../../platform/clock.ts'
import { holdLock } from '../../platform/database/locks.ts'
import { LOG_LOCK, type LogWriter } from './log-writer.ts'

/** Entries of a guarded petition wait for others for so long; then they go with those that there are. */
export const LONGEST_WAIT = 6 * HOUR

/** Named one by one, since what comes after the look must wait for the next one. */
export interface Ready {
  /** Ids of petitions whose signatures may go; null for all. */
  petitions: number[] | null
}

/**
 * Of guarded petitions those whose next batch would hold too few confirmations, so that whoever watches
 * would know whose they are: their entries wait. A withdrawal waits likewise, since its entry names the
 * one that left. What has waited for six hours goes, and the verify page says so.
 *
 * @returns what may be taken; null when another node writes
 */
export async function holdThin(
  db: Db,
  { clock, minBatch }: Pick<LogWriter, 'clock' | 'minBatch'>,
): Promise<Ready | null> {
  if (minBatch <= 1) return { petitions: null }
  const now = clock.now()
  // Another node that writes looks by itself: taking without a look might take what should wait.
  return holdLock(db, LOG_LOCK, async (trx) => {
    const { rows } = await sql<{ petition_id: number; waiting_since: Date | null; thin: boolean }>`
      select q.petition_id, c.waiting_since,
             coalesce(p.settings->>'figures', 'guarded') <> 'live'
               and count(*) filter (where q.change = 1) < ${minBatch} as thin
        from log_queue q
        join petition p on p.id = q.petition_id
        left join log_count c on c.petition_id = q.petition_id
       where q.change <> 0
       group by 1, 2, p.settings`.execute(trx)
    const thin = rows.filter((row) => row.thin)
    const isDue = ({ waiting_since }: { waiting_since: Date | null }) =>
      waiting_since !== null && waiting_since <= ago(clock, LONGEST_WAIT)
    const due = thin.filter(isDue).map((row) => row.petition_id)
    const waiting = thin.filter((row) => !isDue(row)).map((row) => row.petition_id)
    await sql`
      insert into log_count as c (petition_id, waiting_since)
        select id, ${now} from unnest(${waiting}::integer[]) as id
      on conflict (petition_id) do update set
        waiting_since = coalesce(c.waiting_since, excluded.waiting_since)`.execute(trx)
    await sql`
      update log_count set waiting_since = null,
             thin_at = case when petition_id = any (${due}::integer[]) then ${now} else thin_at end
       where waiting_since is not null and petition_id <> all (${waiting}::integer[])`.execute(trx)
    const ready = rows.filter((row) => !waiting.includes(row.petition_id))
    return { petitions: ready.map((row) => row.petition_id) }
  })
}
