import { sql } from 'kysely'
import type { Db } from '../../database.ts'

/** How far the log's writing has come: the one row of log_state. */

export interface LogState {
  origin: string
  vkey: string
  sequenced: number
  integrated: number
  /** Of the `integrated` entries. */
  root: Uint8Array
  signed: number | null
  signedNote: Uint8Array | null
  published: number | null
  publishedNote: Uint8Array | null
  publishedAt: Date | null
  takenAt: Date | null
}

/** Begins the log unless it has begun. @returns false when it had */
export async function insertState(
  db: Db,
  { origin, vkey, root }: { origin: string; vkey: string; root: Uint8Array },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('log_state')
    .values({ origin, vkey, root: Buffer.from(root) })
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function findState(db: Db): Promise<LogState | null> {
  const row = await db.selectFrom('log_state').selectAll().executeTakeFirst()
  if (!row) return null
  return {
    origin: row.origin,
    vkey: row.vkey,
    sequenced: Number(row.sequenced),
    integrated: Number(row.integrated),
    root: row.root,
    signed: row.signed === null ? null : Number(row.signed),
    signedNote: row.signed_note,
    published: row.published === null ? null : Number(row.published),
    publishedNote: row.published_note,
    publishedAt: row.published_at,
    takenAt: row.taken_at,
  }
}

export async function setSequenced(trx: Db, sequenced: number, now: Date): Promise<void> {
  await trx
    .updateTable('log_state')
    .set({ sequenced: String(sequenced), taken_at: now })
    .execute()
}

export async function setIntegrated(
  trx: Db,
  { size, root }: { size: number; root: Uint8Array },
): Promise<void> {
  await trx
    .updateTable('log_state')
    .set({ integrated: String(size), root: Buffer.from(root) })
    .execute()
}

/** Compare and swap on the size. @returns false when another node has signed meanwhile */
export async function setSigned(
  db: Db,
  { before, size, note }: { before: number | null; size: number; note: Uint8Array },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('log_state')
    .set({ signed: String(size), signed_note: Buffer.from(note) })
    .where(sql<boolean>`signed is not distinct from ${before}::bigint`)
    .where('integrated', '=', String(size))
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/**
 * Shows a checkpoint to everybody, unless a larger one is shown. The counts that belong to it are
 * those of now exactly when nothing has been sequenced since.
 */
export async function setPublished(
  trx: Db,
  { size, note, now }: { size: number; note: Uint8Array; now: Date },
): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable('log_state')
    .set({ published: String(size), published_note: Buffer.from(note), published_at: now })
    .where(sql<boolean>`coalesce(published, 0) <= ${size}::bigint`)
    .where('signed', '>=', String(size))
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return
  await sql`
    update log_count set published = log_count.sequenced
      from log_state where log_state.sequenced = ${size} and log_count.published <> log_count.sequenced`.execute(
    trx,
  )
}
