import { sql } from 'kysely'
import type { Db } from '../../database.ts'
import type { Held } from '../../defence/verdict.ts'

/** Forms whose mail waits: `submission.held` says why. */

export interface HeldForms {
  held: Held
  forms: number
  oldest: Date
  newest: Date
}

/** By reason. */
export async function countHeld(db: Db, petitionId: number | null): Promise<HeldForms[]> {
  const { rows } = await sql<HeldForms>`
    select held, count(*)::float8 as forms, min(created_at) as oldest, max(created_at) as newest
      from submission
     where held is not null and (${petitionId}::integer is null or petition_id = ${petitionId})
     group by held order by held`.execute(db)
  return rows
}

export async function hasBeenHeldSince(
  db: Db,
  held: readonly Held[],
  since: Date,
): Promise<boolean> {
  const { rows } = await sql`
    select from submission
     where held is not null and held = any (${held}) and created_at > ${since} limit 1`.execute(db)
  return rows.length > 0
}

/** The oldest; those that another worker looks at are passed over. */
export async function lockHeld(
  trx: Db,
  { held, before, limit }: { held: readonly Held[]; before: Date; limit: number },
): Promise<{ id: string; details: Buffer }[]> {
  const { rows } = await sql<{ id: string; details: Buffer }>`
    select id, details from submission
     where held is not null and held = any (${held}) and created_at < ${before}
     order by created_at limit ${limit} for update skip locked`.execute(trx)
  return rows
}

/** The caller enqueues their mails in the same transaction. */
export async function release(trx: Db, ids: string[]): Promise<void> {
  await sql`update submission set held = null where id = any (${ids}::uuid[])`.execute(trx)
}

/** @returns ids of up to `limit` held forms of a petition, the oldest first, which are released with it */
export async function releaseByReason(
  trx: Db,
  { petitionId, held, limit }: { petitionId: number; held: readonly Held[]; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update submission set held = null where id in (
      select id from submission
       where held is not null and petition_id = ${petitionId} and held = any (${held})
       order by created_at limit ${limit} for update skip locked)
    returning id`.execute(trx)
  return rows.map(({ id }) => id)
}

/** Erases held forms of a petition for good. @returns how many */
export async function eraseHeld(
  db: Db,
  { petitionId, held }: { petitionId: number; held: readonly Held[] },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from submission
     where held is not null and petition_id = ${petitionId} and held = any (${held})`.execute(db)
  return Number(numAffectedRows ?? 0n)
}
