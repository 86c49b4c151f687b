import { sql } from 'kysely'
import type { Db } from '../database.ts'
import { MINUTE } from '../platform/clock.ts'

/** Sealing takes a second; a signature that waits for so long waits in vain. */
export const LATE_SEALING_MS = 10 * MINUTE

/** The first in the table are about the oldest: it is filled at its end. */
const LOOKED_AT = 1000
/** The queue is counted no further. */
const COUNTED = 100_000

/** Confirmed signatures that wait to be sealed, without those that nobody could open. */
export interface SealingBacklog {
  /** Up to `COUNTED`. */
  waiting: number
  /** When about the oldest of them was confirmed; null where none waits. */
  oldest: Date | null
}

/** Cheap also while millions wait. */
export async function measureSealing(db: Db): Promise<SealingBacklog> {
  const { rows } = await sql<SealingBacklog>`
    select (select count(*)::int from (select from sealing_queue limit ${COUNTED}) q) as waiting,
           (select min(s.confirmed_at)
              from (select signature_id from sealing_queue limit ${LOOKED_AT}) q
              join signature s on s.id = q.signature_id
              join petition p on p.id = s.petition_id
             where jsonb_array_length(coalesce(p.settings->'recipients', '[]')) > 0) as oldest`.execute(
    db,
  )
  return rows[0]!
}
