import { type RawBuilder, sql } from 'kysely'
import type { Db, TallyEvent } from '../../database.ts'
import type { Countable } from '../signature.ts'

/**
 * The outbox: `tally_queue`, which count/ consumes, and `sealing_queue`, which seal-batch.ts consumes; and
 * `sealed_record`, the outcome of sealing.
 */

const DIRECT_SOURCE = 'direct'

/**
 * Queues for counting, in the transaction that made it so, that signatures were confirmed, withdrawn or
 * voided. A withdrawal must be queued before the row is erased: it is subtracted from the cells it was added to.
 */
export async function enqueueCount(
  trx: Db,
  signatures: Countable[],
  event: TallyEvent,
): Promise<void> {
  await sql`
    with counted (petition_id, confirmed_at, country, language, source, ref) as (
      select * from unnest(
        ${signatures.map((each) => each.petition_id)}::integer[],
        ${signatures.map((each) => each.confirmed_at)}::timestamptz[],
        ${signatures.map((each) => each.country)}::text[],
        ${signatures.map((each) => each.language)}::text[],
        ${signatures.map((each) => each.source)}::text[],
        ${signatures.map((each) => each.ref)}::text[]))
    ${insertIntoTallyQueue('counted', event)}`.execute(trx)
}

/**
 * The same as a part of the statement that made it so.
 *
 * @param from name of a with-query that gives the columns of Countable
 */
export function insertIntoTallyQueue(from: string, event: TallyEvent): RawBuilder<unknown> {
  return sql`
    insert into tally_queue (event, petition_id, confirmed_at, country, language, source, ref)
    select ${event}::tally_event, petition_id, confirmed_at, country, language,
           coalesce(source, ${DIRECT_SOURCE}), ref
      from ${sql.table(from)}`
}

/**
 * Queues signatures for sealing: a part of the statement that confirms them.
 *
 * @param from name of a with-query that gives their `id`
 */
export function insertIntoSealingQueue(from: string): RawBuilder<unknown> {
  return sql`insert into sealing_queue (signature_id) select id from ${sql.table(from)}`
}

/**
 * Queues confirmed signatures that are readable and in no queue: those whose sealing failed for a reason
 * that is mended by now, such as a lost key.
 *
 * @returns how many
 */
export async function requeueReadable(db: Db): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into sealing_queue
      select id from submission where confirmed
    on conflict do nothing`.execute(db)
  return Number(numAffectedRows ?? 0n)
}

/**
 * Takes a batch off the queue for the rest of the transaction; rows that another transaction is sealing are
 * passed over. Signatures of a petition without recipients stay: there is nobody to seal them to.
 *
 * @returns ids of signatures
 */
export async function takeFromSealingQueue(trx: Db, limit: number): Promise<string[]> {
  const { rows } = await sql<{ signature_id: string }>`
    delete from sealing_queue where signature_id = any (array(
      select q.signature_id
        from sealing_queue q
        left join signature s on s.id = q.signature_id
        left join petition p on p.id = s.petition_id
       where s.id is null or jsonb_array_length(coalesce(p.settings->'recipients', '[]')) > 0
       order by q.signature_id
       limit ${limit}
       for update of q skip locked))
    returning signature_id`.execute(trx)
  return rows.map((row) => row.signature_id)
}
