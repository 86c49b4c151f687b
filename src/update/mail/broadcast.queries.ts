import { type Selectable, sql } from 'kysely'
import type { Db } from '../../database.ts'
import type { BroadcastState, BroadcastTable } from '../update.table.ts'

export type Broadcast = Selectable<BroadcastTable>

/** How many subscribers each language has: who would be mailed. */
export async function countSubscribers(
  db: Db,
  petitionId: number,
): Promise<{ language: string; subscribers: number }[]> {
  const { rows } = await sql<{ language: string; subscribers: number }>`
    select language, count(*)::int as subscribers from subscriber
     where petition_id = ${petitionId} group by language order by count(*) desc, language`.execute(
    db,
  )
  return rows
}

export interface NewBroadcast {
  petitionId: number
  updateId: number | null
  milestone: number | null
  state: BroadcastState
  perMinute: number
  now: Date
}

/** @returns null where there is one already of the update or the milestone */
export async function insertBroadcast(trx: Db, given: NewBroadcast): Promise<number | null> {
  const row = await trx
    .insertInto('broadcast')
    .values({
      petition_id: given.petitionId,
      update_id: given.updateId,
      milestone: given.milestone,
      state: given.state,
      per_minute: given.perMinute,
      begun_at: given.now,
      ended_at: given.state === 'skipped' ? given.now : null,
      total: 0,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id ?? null
}

export async function wasMailed(db: Db, updateId: number): Promise<boolean> {
  const query = db.selectFrom('broadcast').select('id').where('update_id', '=', updateId)
  return (await query.executeTakeFirst()) !== undefined
}

/** A row for each subscriber of this moment, in one statement that hands none of them over. @returns how many */
export async function queueMails(trx: Db, id: number, petitionId: number): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    with queued as (
      insert into broadcast_mail (broadcast_id, subscriber_id)
        select ${id}::int, id from subscriber where petition_id = ${petitionId} returning 1)
    update broadcast set total = (select count(*) from queued) where id = ${id}
    returning total`.execute(trx)
  return rows[0]!.total
}

/** Mailings to a petition's subscribers that began since, without those that mailed nobody. */
export async function countBegunSince(trx: Db, petitionId: number, since: Date): Promise<number> {
  const { rows } = await sql<{ begun: number }>`
    select count(*)::int as begun from broadcast
     where petition_id = ${petitionId} and begun_at > ${since}
       and state <> 'skipped' and not (state = 'cancelled' and sent = 0)`.execute(trx)
  return rows[0]!.begun
}

/** @param from states that it may have; another one is left as it is. @returns whether it was one of them */
export async function moveBroadcast(
  trx: Db,
  id: number,
  from: BroadcastState[],
  to: { state: BroadcastState; ended: Date | null },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('broadcast')
    .set({ state: to.state, ended_at: to.ended })
    .where('id', '=', id)
    .where('state', 'in', from)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

export async function dropMails(trx: Db, id: number): Promise<void> {
  await trx.deleteFrom('broadcast_mail').where('broadcast_id', '=', id).execute()
}

/** For a database that was restored: some of its mails may have gone out since the backup. */
export async function pauseBroadcasts(trx: Db): Promise<void> {
  await trx
    .updateTable('broadcast')
    .set({ state: 'paused' })
    .where('state', '=', 'sending')
    .execute()
}

export async function findBroadcast(db: Db, id: number): Promise<Broadcast | null> {
  return (
    (await db.selectFrom('broadcast').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
  )
}

export interface Progress extends Broadcast {
  /** Mails without an outcome yet. */
  waiting: number
}

/** Of a petition, the newest first. */
export async function listProgress(db: Db, petitionId: number): Promise<Progress[]> {
  return db
    .selectFrom('broadcast')
    .selectAll()
    .select((select) =>
      select
        .selectFrom('broadcast_mail')
        .whereRef('broadcast_id', '=', 'broadcast.id')
        .select(sql<number>`count(*)::int`.as('waiting'))
        .as('waiting'),
    )
    .where('petition_id', '=', petitionId)
    .orderBy('id', 'desc')
    .$castTo<Progress>()
    .execute()
}
