import { sql } from 'kysely'
import type { Db } from '../../database.ts'

/** The indexes of signatures' entries (table log_place), for signatures that stand. */

export async function insertIndexes(
  trx: Db,
  indexes: { signatureId: string; index: number }[],
): Promise<void> {
  await sql`
    insert into log_place (signature_id, index)
    select * from unnest(
      ${indexes.map(({ signatureId }) => signatureId)}::uuid[],
      ${indexes.map(({ index }) => index)}::bigint[])`.execute(trx)
}

/** Of those of the signatures that have an entry, by signature. */
export async function listIndexes(trx: Db, signatureIds: string[]): Promise<Map<string, number>> {
  const rows = await trx
    .selectFrom('log_place')
    .selectAll()
    .where('signature_id', '=', sql<string>`any (${signatureIds}::uuid[])`)
    .execute()
  return new Map(rows.map((row) => [row.signature_id, Number(row.index)]))
}

/** @returns the entry's index, or null when it has none */
export async function deleteIndex(trx: Db, signatureId: string): Promise<number | null> {
  const row = await trx
    .deleteFrom('log_place')
    .where('signature_id', '=', signatureId)
    .returning('index')
    .executeTakeFirst()
  return row ? Number(row.index) : null
}

/** The signatures of entries, by index. Only signatures that stand have one. */
export async function findByIndex(
  db: Db,
  indexes: number[],
): Promise<{ index: number; signatureId: string }[]> {
  const rows = await db
    .selectFrom('log_place')
    .selectAll()
    .where('index', '=', sql<string>`any (${indexes}::bigint[])`)
    .orderBy('index')
    .execute()
  return rows.map((row) => ({ index: Number(row.index), signatureId: row.signature_id }))
}

/** The index of a signature's entry; null when it has none. */
export async function findIndex(db: Db, signatureId: string): Promise<number | null> {
  const row = await db
    .selectFrom('log_place')
    .select('index')
    .where('signature_id', '=', signatureId)
    .executeTakeFirst()
  return row ? Number(row.index) : null
}
