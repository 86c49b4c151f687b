import { sql } from 'kysely'
import type { Db } from '../database.ts'
import { hasSqlState } from '../platform/database/sql-state.ts'

export interface Readable {
  id: string
  tag: Buffer
  details: Buffer
}

/** Confirmed and not sealed yet, in the order of their ids. */
export async function listReadable(
  db: Db,
  petitionId: number,
  { after, limit }: { after: string; limit: number },
): Promise<Readable[]> {
  const { rows } = await sql<Readable>`
    select b.id, s.tag, b.details
      from submission b join signature s on s.id = b.id
     where b.id > ${after}::uuid and b.petition_id = ${petitionId} and b.confirmed and s.tag is not null
     order by b.id
     limit ${limit}`.execute(db)
  return rows
}

export async function countSealed(db: Db, petitionId: number): Promise<number> {
  const { rows } = await sql<{ sealed: number }>`
    select count(*)::float8 as sealed from signature s
     where s.petition_id = ${petitionId} and s.tag is not null
       and not exists (select from submission b where b.id = s.id)`.execute(db)
  return rows[0]!.sealed
}

export interface Move {
  id: string
  petitionId: number
  tag: Buffer
  today: Buffer
  /** Under which its mailbox gets updates, if it does. */
  subscriber: Buffer
}

export async function canMove(db: Db, move: Move): Promise<boolean> {
  const { rows } = await sql`select from signature where ${isMovable(move)}`.execute(db)
  return rows.length > 0
}

/**
 * One statement, so that it moves whole or not at all; not within a transaction, which a refusal would end.
 *
 * @returns false when it stays, also when its mailbox signs at this moment: what `not exists` cannot see yet, the
 *   unique key refuses
 */
export async function moveTag(db: Db, move: Move): Promise<boolean> {
  try {
    const { rows } = await sql`
      update signature set tag = ${move.today} where ${isMovable(move)} returning id`.execute(db)
    return rows.length > 0
  } catch (error) {
    if (hasSqlState(error, 'uniqueViolation')) return false
    throw error
  }
}

const isMovable = ({ id, petitionId, tag, today, subscriber }: Move) => sql`
  id = ${id}::uuid and tag = ${tag}
  and not exists (select from signature o where o.petition_id = ${petitionId} and o.tag = ${today})
  and not exists (
    select from subscriber u where u.petition_id = ${petitionId} and u.tag = ${subscriber})`
