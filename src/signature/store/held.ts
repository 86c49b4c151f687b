import { type RawBuilder, sql } from 'kysely'
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

/** @returns those for which a form was held between `since` and `until` */
export async function reasonsBetween(
  db: Db,
  held: readonly Held[],
  { since, until }: { since: Date; until: Date },
): Promise<Held[]> {
  const { rows } = await sql<{ held: Held }>`
    select reason as held from unnest(${held}::text[]) as reason
     where exists (
       select from submission
        where held is not null and held = reason and created_at > ${since} and created_at <= ${until})`.execute(
    db,
  )
  return rows.map(({ held }) => held)
}

export interface HeldForm {
  id: string
  petition_id: number
  address: Buffer
  details: Buffer
}

/**
 * Each network's first ones, and between them the oldest and the newest: nobody stands behind a robot's thousands, and
 * none of a crowd behind one stands there for ever.
 *
 * @param before held earlier, or at a time after `until`, which is from before the clock was set back
 */
export async function readHeld(
  trx: Db,
  choice: { held: readonly Held[]; before: Date; until: Date; limit: number },
): Promise<HeldForm[]> {
  const { held, before, until, limit } = choice
  const read = async (order: RawBuilder<unknown>, share: number) => {
    const { rows } = await sql<HeldForm>`
      select id, petition_id, address, details from submission
       where held is not null and held = any (${held})
         and (created_at < ${before} or created_at > ${until})
       order by ${order} limit ${limit * share}`.execute(trx)
    return rows
  }
  const first = await read(sql`turn, created_at, id`, 1 / 2)
  const oldest = await read(sql`created_at, id`, 1 / 4)
  const newest = await read(sql`created_at desc, id desc`, 1 / 4)
  const all = first.flatMap((form, at) => [form, at % 2 ? newest[at >> 1] : oldest[at >> 1]])
  return [...new Map(all.flatMap((form) => (form ? [[form.id, form]] : []))).values()]
}

/** The caller enqueues their mails in the same transaction. @returns those that nobody else has released */
export async function release(trx: Db, ids: string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update submission set held = null, turn = 0 where id in (
      select id from submission where id = any (${ids}::uuid[]) and held is not null
       order by id for update skip locked)
    returning id`.execute(trx)
  return rows.map(({ id }) => id)
}

/** @returns ids of up to `limit` held forms of a petition, the oldest first, which are released with it */
export async function releaseByReason(
  trx: Db,
  { petitionId, held, limit }: { petitionId: number; held: readonly Held[]; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update submission set held = null, turn = 0 where id in (
      select id from submission
       where held is not null and petition_id = ${petitionId} and held = any (${held})
       order by created_at limit ${limit} for update skip locked)
    returning id`.execute(trx)
  return rows.map(({ id }) => id)
}

interface Erased {
  petitionId: number
  held: readonly Held[]
  /** Forms that came until then: those that came since have been looked at by nobody. */
  until: Date
}

export async function countHeldUntil(db: Db, { petitionId, held, until }: Erased): Promise<number> {
  const { rows } = await sql<{ forms: number }>`
    select count(*)::float8 as forms from submission
     where held is not null and petition_id = ${petitionId} and held = any (${held})
       and created_at <= ${until}`.execute(db)
  return rows[0]!.forms
}

/** Erases up to `limit` held forms for good. @returns how many; 0 once none is left that nobody else works on */
export async function eraseHeld(
  db: Db,
  { petitionId, held, until, limit }: Erased & { limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from submission where id in (
      select id from submission
       where held is not null and petition_id = ${petitionId} and held = any (${held})
         and created_at <= ${until}
       order by created_at, id limit ${limit} for update skip locked)`.execute(db)
  return Number(numAffectedRows ?? 0n)
}
