import { sql } from 'kysely'
import type { Db } from '../../database.ts'

export interface QueuedEntry {
  petitionId: number
  /** Of a new signature; else null. */
  signatureId: string | null
  /** By how much the entry changes its petition's count. */
  change: 1 | -1 | 0
  entry: Uint8Array
  /** Where the signature is counted; null where nothing is counted, or nothing is left that says where. */
  counted: Counted | null
}

export interface Counted {
  confirmedAt: Date
  country: string
  language: string
  ref: string | null
}

export async function insertQueued(trx: Db, entries: QueuedEntry[]): Promise<void> {
  await sql`
    insert into log_queue (petition_id, signature_id, change, entry, confirmed_at, country, language, ref)
    select * from unnest(
      ${entries.map(({ petitionId }) => petitionId)}::integer[],
      ${entries.map(({ signatureId }) => signatureId)}::uuid[],
      ${entries.map(({ change }) => change)}::smallint[],
      ${entries.map(({ entry }) => Buffer.from(entry))}::bytea[],
      ${entries.map(({ counted }) => counted?.confirmedAt ?? null)}::timestamptz[],
      ${entries.map(({ counted }) => counted?.country ?? null)}::text[],
      ${entries.map(({ counted }) => counted?.language ?? null)}::text[],
      ${entries.map(({ counted }) => counted?.ref ?? null)}::text[])`.execute(trx)
}

/** Waits for a sequencer that is just giving the entry its index. @returns false when it wasn't queued */
export async function deleteQueued(trx: Db, signatureId: string): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom('log_queue')
    .where('signature_id', '=', signatureId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/**
 * The same of many: one by one, in the order in which a sequencer takes them, so that neither waits for the other for
 * ever. `for update` would need a right that web and worker lack.
 */
export async function deleteAllQueued(trx: Db, signatureIds: string[]): Promise<void> {
  const rows = await trx
    .selectFrom('log_queue')
    .select('signature_id')
    .where('signature_id', '=', sql<string>`any (${signatureIds}::uuid[])`)
    .orderBy('id')
    .execute()
  for (const { signature_id: id } of rows) if (id) await deleteQueued(trx, id)
}

/**
 * Takes entries off the queue in the order they came; the caller holds the log's lock. Waits for a
 * withdrawal that is just deleting one.
 *
 * @param ready petitions whose signatures may go, null for all; keys and texts always may
 */
export async function takeQueued(
  trx: Db,
  limit: number,
  ready: readonly number[] | null,
): Promise<QueuedEntry[]> {
  const { rows } = await sql<{
    id: string
    petition_id: number
    signature_id: string | null
    change: 1 | -1 | 0
    entry: Buffer
    confirmed_at: Date | null
    country: string | null
    language: string | null
    ref: string | null
  }>`
    delete from log_queue
     where id = any (array(
       select id from log_queue
        where change = 0 or ${ready}::integer[] is null or petition_id = any (${ready}::integer[])
        order by id limit ${limit}))
    returning id, petition_id, signature_id, change, entry, confirmed_at, country, language, ref`.execute(
    trx,
  )
  return rows
    .sort((a, b) => Number(BigInt(a.id) - BigInt(b.id)))
    .map((row) => ({
      petitionId: row.petition_id,
      signatureId: row.signature_id,
      change: row.change,
      entry: row.entry,
      counted: row.confirmed_at && {
        confirmedAt: row.confirmed_at,
        country: row.country!,
        language: row.language!,
        ref: row.ref,
      },
    }))
}

export async function countQueued(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('log_queue')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

export async function deleteQueuedOf(trx: Db, petitionId: number): Promise<void> {
  await trx.deleteFrom('log_queue').where('petition_id', '=', petitionId).execute()
}
