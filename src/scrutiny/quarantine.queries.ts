import { sql } from 'kysely'
import type { Db } from '../database.ts'
import type { VoidReason } from '../log/core/entry/entry.ts'
import type { Rule } from './rule.ts'

export interface Quarantine {
  id: number
  petitionId: number
  reason: VoidReason
  rule: Rule
  madeAt: Date
  isStanding: boolean
  voidAt: Date | null
  endedAt: Date | null
}

export async function insertQuarantine(
  trx: Db,
  row: { petitionId: number; reason: VoidReason; rule: Rule; now: Date; isStanding: boolean },
): Promise<number> {
  const { id } = await trx
    .insertInto('quarantine')
    .values({
      petition_id: row.petitionId,
      reason: row.reason,
      rule: JSON.stringify(row.rule),
      made_at: row.now,
      is_standing: row.isStanding,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** @param choice `lock` holds them until the transaction ends; the newest first */
export async function listQuarantines(
  db: Db,
  choice: { petitionId?: number; id?: number; going?: boolean; lock?: boolean },
): Promise<Quarantine[]> {
  const { petitionId, id, going, lock } = choice
  const rows = await db
    .selectFrom('quarantine')
    .selectAll()
    .$if(petitionId !== undefined, (query) => query.where('petition_id', '=', petitionId!))
    .$if(id !== undefined, (query) => query.where('id', '=', id!))
    .$if(going === true, (query) => query.where('ended_at', 'is', null))
    .orderBy('id', 'desc')
    .$if(lock === true, (query) => query.forUpdate())
    .execute()
  return rows.map((row) => ({
    id: row.id,
    petitionId: row.petition_id,
    reason: row.reason as VoidReason,
    rule: row.rule,
    madeAt: row.made_at,
    isStanding: row.is_standing,
    voidAt: row.void_at,
    endedAt: row.ended_at,
  }))
}

export async function updateQuarantine(
  trx: Db,
  id: number,
  change: { isStanding?: boolean; voidAt?: Date | null; endedAt?: Date; turnedAway?: number },
): Promise<void> {
  const { isStanding, voidAt, endedAt, turnedAway } = change
  await trx
    .updateTable('quarantine')
    .set({
      ...(isStanding !== undefined && { is_standing: isStanding }),
      ...(voidAt !== undefined && { void_at: voidAt }),
      ...(endedAt !== undefined && { ended_at: endedAt }),
      ...(turnedAway !== undefined && { turned_away: sql<number>`turned_away + ${turnedAway}` }),
    })
    .where('id', '=', id)
    .execute()
}

/** How many signatures each holds, by its id. */
export async function countHeldBy(db: Db, petitionId: number): Promise<Map<number, number>> {
  const { rows } = await sql<{ id: number; signatures: number }>`
    select quarantine_id as id, count(*)::float8 as signatures
      from quarantined where petition_id = ${petitionId} group by 1`.execute(db)
  return new Map(rows.map(({ id, signatures }) => [id, signatures]))
}

/** By reason: voided signatures that the log never counted, and how many of them it has yet to be told of. */
export async function sumTurnedAway(
  trx: Db,
  petitionId: number,
): Promise<Map<string, { turnedAway: number; queued: number }>> {
  const { rows } = await sql<{ reason: string; turned_away: number; queued: number }>`
    select q.reason, sum(q.turned_away)::float8 as turned_away,
           coalesce((
             select sum(split_part(convert_from(l.entry, 'UTF8'), ' ', 3)::bigint) from log_queue l
              where l.petition_id = ${petitionId} and l.change = 0
                and convert_from(l.entry, 'UTF8') like 'turned-away/v1 %'
                and split_part(convert_from(l.entry, 'UTF8'), ' ', 4) = q.reason), 0)::float8 as queued
      from quarantine q where q.petition_id = ${petitionId} group by q.reason`.execute(trx)
  return new Map(
    rows.map(({ reason, turned_away, queued }) => [reason, { turnedAway: turned_away, queued }]),
  )
}

/** Notes those whom the log tells of and a restored database doesn't, as a quarantine that has ended. */
export async function insertTurnedAway(
  trx: Db,
  row: { petitionId: number; reason: string; turnedAway: number; now: Date },
): Promise<void> {
  await trx
    .insertInto('quarantine')
    .values({
      petition_id: row.petitionId,
      reason: row.reason,
      rule: JSON.stringify({ traits: {}, since: null, until: null } satisfies Rule),
      made_at: row.now,
      is_standing: false,
      turned_away: row.turnedAway,
      ended_at: row.now,
    })
    .execute()
}
