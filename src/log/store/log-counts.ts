import { sql } from 'kysely'
import type { Db } from '../../database.ts'

/** Each petition's count as the log's entries add up to it, and since when its entries wait for a batch. */

/** @param changes by petition */
export async function addToCounts(trx: Db, changes: Map<number, number>): Promise<void> {
  await sql`
    insert into log_count as c (petition_id, sequenced)
    select * from unnest(${[...changes.keys()]}::integer[], ${[...changes.values()]}::bigint[])
    on conflict (petition_id) do update set sequenced = c.sequenced + excluded.sequenced`.execute(
    trx,
  )
}

export async function readPublishedCounts(
  db: Db,
): Promise<Map<number, { published: number; thinAt: Date | null; isUnderWay: boolean }>> {
  const rows = await db
    .selectFrom('log_count')
    .select(['petition_id', 'published', 'sequenced', 'thin_at'])
    .execute()
  return new Map(
    rows.map(({ petition_id, published, sequenced, thin_at }) => [
      petition_id,
      { published: Number(published), thinAt: thin_at, isUnderWay: sequenced !== published },
    ]),
  )
}

export interface QueuedPetition {
  petition_id: number
  waiting_since: Date | null
  /** Guarded, with fewer queued confirmations than a batch should hold. */
  thin: boolean
}

/** Petitions with signatures, withdrawals or voids in the queue. */
export async function listQueuedPetitions(trx: Db, minBatch: number): Promise<QueuedPetition[]> {
  const { rows } = await sql<QueuedPetition>`
    select q.petition_id, c.waiting_since,
           coalesce(p.settings->>'figures', 'guarded') <> 'live'
             and count(*) filter (where q.change = 1) < ${minBatch} as thin
      from log_queue q
      join petition p on p.id = q.petition_id
      left join log_count c on c.petition_id = q.petition_id
     where q.change <> 0
     group by 1, 2, p.settings`.execute(trx)
  return rows
}

/**
 * @param waiting petitions whose entries wait on
 * @param due petitions whose thin batch goes now
 */
export async function setWaiting(
  trx: Db,
  { waiting, due, now }: { waiting: number[]; due: number[]; now: Date },
): Promise<void> {
  await sql`
    insert into log_count as c (petition_id, waiting_since)
      select id, ${now} from unnest(${waiting}::integer[]) as id
    on conflict (petition_id) do update set
      waiting_since = least(c.waiting_since, excluded.waiting_since)`.execute(trx)
  await sql`
    update log_count set waiting_since = null,
           thin_at = case when petition_id = any (${due}::integer[]) then ${now} else thin_at end
     where waiting_since is not null and petition_id <> all (${waiting}::integer[])`.execute(trx)
}

export async function deleteCount(trx: Db, petitionId: number): Promise<void> {
  await trx.deleteFrom('log_count').where('petition_id', '=', petitionId).execute()
}
