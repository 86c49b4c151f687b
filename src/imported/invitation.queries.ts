import { sql } from 'kysely'
import type { Db } from '../database.ts'

export interface DueInvitation {
  id: string
  mark: Buffer
  language: string
  address: Buffer
  tries: number
  doubted_at: Date | null
}

/** An invitation is never put off for longer: a time further ahead is from before the clock was set back. */
const LONGEST = '6 hours'

/** In the order of ids, which are random. */
export async function listDue(
  db: Db,
  petitionId: number,
  { now, limit }: { now: Date; limit: number },
): Promise<DueInvitation[]> {
  const { rows } = await sql<DueInvitation>`
    select i.id, i.mark, v.language, v.address, v.tries, v.doubted_at
      from invitation v join imported i on i.id = v.imported_id
     where v.petition_id = ${petitionId} and v.forget_at > ${now}
       and (v.due_at is null or v.due_at <= ${now}
            or v.due_at > ${now}::timestamptz + ${LONGEST}::interval)
     order by v.imported_id limit ${limit}`.execute(db)
  return rows
}

/** When the next is due; null where none waits. */
export async function nextDue(db: Db, petitionId: number, now: Date): Promise<Date | null> {
  const { rows } = await sql<{ due: Date | null }>`
    select min(coalesce(due_at, ${now})) as due
      from invitation where petition_id = ${petitionId} and forget_at > ${now}`.execute(db)
  return rows[0]!.due
}

/** @returns false where its holder has signed, was taken out or is no more to be invited: the address goes then */
export async function markUnderWay(trx: Db, id: string): Promise<boolean> {
  // Locks the imported row before its invitation: a batch is deleted in that order.
  const { rows } = await sql<{ signed: boolean }>`
    update imported i set invited = true
     where i.id = ${id}::uuid and exists (select from invitation where imported_id = i.id)
    returning exists (
      select from signature s where s.petition_id = i.petition_id and s.tag = i.tag) as signed`.execute(
    trx,
  )
  if (rows[0]?.signed === false) {
    const waiting = await sql`
      update invitation set under_way = true where imported_id = ${id}::uuid`.execute(trx)
    return waiting.numAffectedRows === 1n
  }
  await settle(trx, id)
  return false
}

/** Its address is erased: nobody is invited twice. */
export async function settle(trx: Db, id: string): Promise<void> {
  await trx.deleteFrom('invitation').where('imported_id', '=', id).execute()
}

export async function putOff(
  db: Db,
  id: string,
  { due, doubted, wasTried }: { due: Date | null; doubted: Date | null; wasTried: boolean },
): Promise<void> {
  await sql`
    update invitation set due_at = ${due}, doubted_at = ${doubted}, under_way = false,
           tries = tries + ${wasTried ? 1 : 0}::smallint
     where imported_id = ${id}::uuid`.execute(db)
}

/** Of a petition that has ended. */
export async function forgetInvitations(trx: Db, petitionId: number): Promise<void> {
  await trx.deleteFrom('invitation').where('petition_id', '=', petitionId).execute()
}

/**
 * For a database that was restored: some of them may have gone out since the backup, and nobody is invited twice.
 */
export async function forgetAllInvitations(trx: Db): Promise<void> {
  await sql`
    update imported set invited = true from invitation v where v.imported_id = imported.id`.execute(
    trx,
  )
  await trx.deleteFrom('invitation').execute()
}

/**
 * Those whose time is over, some thousand at once: their addresses are erased. Of whom no mail was begun is not invited,
 * and can be ordered once more. Passes over rows that somebody else holds: nobody waits for it.
 *
 * @returns how many
 */
export async function forgetOverdue(trx: Db, now: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from invitation where imported_id in (
      select imported_id from invitation where forget_at <= ${now}
       order by imported_id limit 5000 for update skip locked)`.execute(trx)
  return Number(numAffectedRows)
}

/** Petitions whose invitations wait and that have no job which would send them. @param key without the id */
export async function listStuck(db: Db, key: string): Promise<number[]> {
  const { rows } = await sql<{ petition_id: number }>`
    select distinct petition_id from invitation
     where not exists (
       select from graphile_worker.jobs
        where key = ${key} || petition_id and attempts < max_attempts)`.execute(db)
  return rows.map(({ petition_id: id }) => id)
}
