import { sql } from 'kysely'
import type { Db } from '../database.ts'
import type { SignatureState } from './signature.table.ts'

export interface SignatureForMail {
  id: string
  petition_id: number
  state: SignatureState
  language: string | null
  details: Buffer | null
  mails: number
  mailed_at: Date | null
  undeliverable: boolean
}

export async function listForMail(db: Db, ids: string[]): Promise<SignatureForMail[]> {
  const { rows } = await sql<SignatureForMail>`
    select id, petition_id, state, language, details, mails, mailed_at, undeliverable
      from signature where id = any (${ids}::bigint[])`.execute(db)
  return rows
}

/** Counts a mail to each that the mail server accepted. */
export async function markMailed(db: Db, ids: string[], now: Date): Promise<void> {
  await sql`
    update signature set mails = mails + 1, mailed_at = ${now}
     where id in (${inOrder(ids)})`.execute(db)
}

/** The mail server refused these addresses for good. */
export async function markUndeliverable(db: Db, ids: string[]): Promise<void> {
  await sql`update signature set undeliverable = true where id in (${inOrder(ids)})`.execute(db)
}

/** Locks them in the order that forms are written in: else the two could wait for each other. */
const inOrder = (ids: string[]) => sql`
  select id from signature where id = any (${ids}::bigint[]) order by tag for update`

/** Marks, and returns, pending signatures from before `createdBefore` that had no reminder yet. */
export async function claimForReminder(
  trx: Db,
  { createdBefore, limit }: { createdBefore: Date; limit: number },
): Promise<string[]> {
  const due = trx
    .selectFrom('signature')
    .select('id')
    .where('state', '=', 'pending')
    .where('created_at', '<', createdBefore)
    .where('reminded', '=', false)
    .where('undeliverable', '=', false)
    .orderBy('created_at')
    .limit(limit)
    .forUpdate()
    .skipLocked()
  const rows = await trx
    .updateTable('signature')
    .set({ reminded: true })
    .where('id', 'in', due)
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

/** @returns how many rows went. */
export async function deletePendingBefore(
  db: Db,
  { createdBefore, limit }: { createdBefore: Date; limit: number },
): Promise<number> {
  const due = db
    .selectFrom('signature')
    .select('id')
    .where('state', '=', 'pending')
    .where('created_at', '<', createdBefore)
    .limit(limit)
    .forUpdate()
    .skipLocked()
  const outcome = await db.deleteFrom('signature').where('id', 'in', due).executeTakeFirst()
  return Number(outcome.numDeletedRows)
}

export async function deletePendingOf(trx: Db, petitionId: number): Promise<void> {
  await trx
    .deleteFrom('signature')
    .where('petition_id', '=', petitionId)
    .where('state', '=', 'pending')
    .execute()
}
