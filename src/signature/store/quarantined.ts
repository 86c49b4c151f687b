import { sql } from 'kysely'
import type { Db } from '../../database.ts'

/** Statements that write `quarantined`: confirmed signatures that don't count until somebody has decided. */

/** The caller holds their rows. @returns those that were in no quarantine */
export async function insertQuarantined(
  trx: Db,
  { petitionId, quarantineId, ids }: { petitionId: number; quarantineId: number; ids: string[] },
): Promise<Set<string>> {
  const { rows } = await sql<{ signature_id: string }>`
    insert into quarantined (signature_id, petition_id, quarantine_id)
      select id, ${petitionId}::integer, ${quarantineId}::integer from unnest(${ids}::uuid[]) as id order by id
    on conflict do nothing
    returning signature_id`.execute(trx)
  return new Set(rows.map((row) => row.signature_id))
}

/** The caller holds their rows. @returns those that were in quarantine */
export async function deleteQuarantined(trx: Db, ids: string[]): Promise<Set<string>> {
  const { rows } = await sql<{ signature_id: string }>`
    delete from quarantined where signature_id = any (${ids}::uuid[]) returning signature_id`.execute(
    trx,
  )
  return new Set(rows.map((row) => row.signature_id))
}

export async function listQuarantined(
  db: Db,
  quarantineId: number,
  limit: number,
): Promise<string[]> {
  const rows = await db
    .selectFrom('quarantined')
    .select('signature_id')
    .where('quarantine_id', '=', quarantineId)
    .orderBy('signature_id')
    .limit(limit)
    .execute()
  return rows.map((row) => row.signature_id)
}

/** Of signatures whose rows the caller holds: a statement of its own, which sees what the last holder wrote. */
export async function findQuarantined(trx: Db, ids: string[]): Promise<Set<string>> {
  const rows = await trx
    .selectFrom('quarantined')
    .select('signature_id')
    .where('signature_id', '=', sql<string>`any (${ids}::uuid[])`)
    .execute()
  return new Set(rows.map((row) => row.signature_id))
}

/** A condition on a row of `public_name` or `comment`. */
export const isNotQuarantined = (table: 'public_name' | 'comment' | 'm') =>
  sql<boolean>`not exists (
    select from quarantined q where q.signature_id = ${sql.table(table)}.signature_id)`
