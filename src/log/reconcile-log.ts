import { sql } from 'kysely'
import type { Db } from '../database.ts'
import { takeAllTheTime } from '../platform/database/connect.ts'

interface LogDifference {
  slug: string
  /** Signatures that stand and are sealed; one in quarantine stands where it has an entry. */
  standing: number
  /** The sum of the log's entries and of those that still wait. */
  logged: number
}

/**
 * Compares the log with the signatures themselves, in one snapshot: sealed rows that stand = log + queue.
 * A log can't be repaired in silence, so nothing is changed. Reads the whole table: for the night.
 */
export async function reconcileLog(db: Db): Promise<LogDifference[]> {
  return db.transaction().execute(async (trx) => {
    await takeAllTheTime(trx)
    const { rows } = await sql<{ slug: string; standing: string; logged: string }>`
      with standing as (
        select petition_id, count(*) as signatures from signature
         where state = 'confirmed'
           and not exists (select from submission where submission.id = signature.id)
           and (not exists (select from quarantined q where q.signature_id = signature.id)
             or exists (select from log_place l where l.signature_id = signature.id))
         group by 1
      ),
      queued as (select petition_id, sum(change) as change from log_queue group by 1),
      compared as (
        select p.slug, coalesce(s.signatures, 0) as standing,
               coalesce(c.sequenced, 0) + coalesce(q.change, 0) as logged
          from petition p
          left join standing s on s.petition_id = p.id
          left join queued q on q.petition_id = p.id
          left join log_count c on c.petition_id = p.id
      )
      select slug, standing::text, logged::text from compared where standing <> logged
       order by slug`.execute(trx)
    return rows.map(({ slug, standing, logged }) => ({
      slug,
      standing: Number(standing),
      logged: Number(logged),
    }))
  })
}
