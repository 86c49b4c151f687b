import { sql } from 'kysely'
import type { Db, TallyDimension } from '../database.ts'

/** By how much an event changes the number of signatures that stand. */
const STEP = sql`case when event in ('confirmed', 'released') then 1 else -1 end`
/** The figure of `total` that an event changes. */
const FIGURE = sql`case event when 'released' then 'quarantined' else event::text end`

/**
 * Strategy: one statement takes a batch off the queue, sums it and adds the sums, so that a crash
 * leaves either all or nothing of it. Rows are taken by ctid, which needs no index and no order:
 * sums don't care. `total` keeps its figures apart; every other dimension counts standing
 * signatures, so its rows add up to confirmed − withdrawn − voided − quarantined.
 *
 * The caller holds the tally's lock: two of these at once would wait on each other's rows.
 *
 * @returns how many queue rows were counted
 */
export async function countBatch(trx: Db, limit: number): Promise<number> {
  const { rows } = await sql<{ taken: string }>`
    with taken as (
      delete from tally_queue
      where ctid = any (array(select ctid from tally_queue limit ${limit}))
      returning *,
        ${STEP} as step, ${FIGURE} as figure, case event when 'released' then -1 else 1 end as change,
        to_char(confirmed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24"Z"') as hour
    ),
    sums as (
      select petition_id, 'total' as dimension, figure as key, sum(change) as signatures
        from taken group by 1, 3
      union all select petition_id, 'hour', hour, sum(step) from taken group by 1, 3
      union all select petition_id, 'country', country, sum(step) from taken group by 1, 3
      union all select petition_id, 'language', language, sum(step) from taken group by 1, 3
      union all select petition_id, 'source', source, sum(step) from taken group by 1, 3
      union all select petition_id, 'ref', ref, sum(step) from taken where ref is not null group by 1, 3
    ),
    added as (
      insert into tally as t (petition_id, dimension, key, signatures)
      select * from sums
      on conflict (petition_id, dimension, key)
        do update set signatures = t.signatures + excluded.signatures
    )
    select count(*) as taken from taken`.execute(trx)
  return Number(rows[0]!.taken)
}

export interface CountRow {
  key: string
  signatures: number
}

export async function readDimension(
  db: Db,
  petitionId: number,
  dimension: TallyDimension,
): Promise<CountRow[]> {
  const rows = await db
    .selectFrom('tally')
    .select(['key', 'signatures'])
    .where('petition_id', '=', petitionId)
    .where('dimension', '=', dimension)
    .orderBy('key')
    .execute()
  return rows.map((row) => ({ key: row.key, signatures: Number(row.signatures) }))
}

export async function readTotals(db: Db) {
  return db
    .selectFrom('tally')
    .select(['petition_id', 'key', 'signatures'])
    .where('dimension', '=', 'total')
    .execute()
}

/** Rows of the queue that a page looks at: it is empty within a second, and long only in trouble. */
const MAX_WAITING = 5_000

/** The count of a petition at this moment, with the events that still wait in the queue. */
export async function readCountNow(db: Db, petitionId: number): Promise<number> {
  const { rows } = await sql<{ counted: string }>`
    select sum(signatures) as counted
      from (
        select case key when 'confirmed' then signatures else -signatures end as signatures from tally
         where petition_id = ${petitionId} and dimension = 'total'
        union all
        (select ${STEP} from tally_queue where petition_id = ${petitionId} limit ${MAX_WAITING})
      ) as events`.execute(db)
  return Number(rows[0]!.counted)
}

export interface CountDifference {
  petition_id: number
  dimension: TallyDimension
  key: string
  /** By the rows of `signature`, less the events that still wait in the queue. */
  expected: string
  found: string
}

/**
 * Compares the tally with the signatures themselves, in one snapshot: rows = tally + queue. Reads the
 * whole table: for the nightly job, never for a request.
 */
export async function findDifferences(trx: Db): Promise<CountDifference[]> {
  const { rows } = await sql<CountDifference>`
    with standing as (
      select petition_id,
        to_char(confirmed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24"Z"') as hour,
        country, language, coalesce(source, 'direct') as source, ref, 1 as step
      from signature
      where state = 'confirmed'
        and not exists (select from quarantined q where q.signature_id = signature.id)
      union all
      select petition_id,
        to_char(confirmed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24"Z"'),
        country, language, source, ref, -(${STEP})
      from tally_queue
    ),
    events as (
      select petition_id, 'confirmed' as key, 1 as step from signature
      union all select petition_id, state::text, 1 from signature where state in ('withdrawn', 'voided')
      union all select petition_id, 'quarantined', 1 from quarantined
      union all select petition_id, ${FIGURE}, case event when 'released' then 1 else -1 end from tally_queue
    ),
    expected as (
      select petition_id, 'total' as dimension, key, sum(step) as signatures from events group by 1, 3
      union all select petition_id, 'hour', hour, sum(step) from standing group by 1, 3
      union all select petition_id, 'country', country, sum(step) from standing group by 1, 3
      union all select petition_id, 'language', language, sum(step) from standing group by 1, 3
      union all select petition_id, 'source', source, sum(step) from standing group by 1, 3
      union all select petition_id, 'ref', ref, sum(step) from standing where ref is not null group by 1, 3
    )
    select petition_id, dimension, key,
      coalesce(expected.signatures, 0)::text as expected,
      coalesce(tally.signatures, 0)::text as found
    from expected full join tally using (petition_id, dimension, key)
    where coalesce(expected.signatures, 0) <> coalesce(tally.signatures, 0)
    order by petition_id, dimension, key`.execute(trx)
  return rows
}

export async function setCount(trx: Db, row: CountDifference): Promise<void> {
  await trx
    .insertInto('tally')
    .values({
      petition_id: row.petition_id,
      dimension: row.dimension,
      key: row.key,
      signatures: row.expected,
    })
    .onConflict((oc) =>
      oc.columns(['petition_id', 'dimension', 'key']).doUpdateSet({ signatures: row.expected }),
    )
    .execute()
}

/** The events that wait, and the counts. */
export async function deleteCounts(trx: Db, petitionId: number): Promise<void> {
  await trx.deleteFrom('tally_queue').where('petition_id', '=', petitionId).execute()
  await trx.deleteFrom('tally').where('petition_id', '=', petitionId).execute()
}
