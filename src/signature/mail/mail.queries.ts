import { sql } from 'kysely'
import type { Db } from '../../database.ts'
import { isOf, type Mailbox } from '../mailbox.ts'

/** Of one address only so many submissions to one petition are kept while their mails wait. */
const KEPT_AN_ADDRESS = 10

export interface SubmissionToMail {
  id: string
  petition_id: number
  language: string
  address: Buffer
  details: Buffer
}

/** What never changes of them; those that are gone are not among them. */
export async function listToMail(db: Db, ids: string[]): Promise<SubmissionToMail[]> {
  const { rows } = await sql<SubmissionToMail>`
    select id, petition_id, language, address, details
      from submission where id = any (${ids}::uuid[])`.execute(db)
  return rows
}

export interface MailState {
  id: string
  mailed_at: Date | null
  undeliverable: boolean
}

export async function listMailStates(trx: Db, ids: string[]): Promise<MailState[]> {
  const { rows } = await sql<MailState>`
    select id, mailed_at, undeliverable from submission where id = any (${ids}::uuid[])`.execute(
    trx,
  )
  return rows
}

/** Notes the mails that the mail server took. */
export async function markMailed(trx: Db, ids: string[], now: Date): Promise<void> {
  await sql`
    update submission set mailed_at = ${now} where id in (${inOrder(ids)})`.execute(trx)
}

/** The mail server refused these addresses for good. */
export async function markUndeliverable(trx: Db, ids: string[]): Promise<void> {
  await sql`
    update submission set undeliverable = true where id in (${inOrder(ids)})`.execute(trx)
}

/** Held in the order in which confirmations take them: else the two could wait for each other. */
const inOrder = (ids: string[]) => sql`
  select id from submission where id = any (${ids}::uuid[]) order by id for update`

/**
 * Whoever sends forms with somebody's address by the thousand leaves only the newest of them to wait. What was
 * mailed stays: its link may be just about to be pressed.
 */
export async function dropOldest(
  trx: Db,
  addresses: { petitionId: number; address: Buffer }[],
): Promise<void> {
  await sql`
    with ranked as (
      select id, row_number() over (
               partition by petition_id, address order by created_at desc, id) as place
        from submission join unnest(
               ${addresses.map(({ petitionId }) => petitionId)}::integer[],
               ${addresses.map(({ address }) => address)}::bytea[]) as given (petition_id, address)
             using (petition_id, address)
       where mailed_at is null and not confirmed
    )
    delete from submission where mailed_at is null and not confirmed and id in (
      select id from ranked where place > ${KEPT_AN_ADDRESS})`.execute(trx)
}

/**
 * Marks, and returns, what was mailed before `mailedBefore`, waits for its confirmation and had no reminder: of one
 * address and petition the newest alone. A mail that was put off for days is not reminded of within the hour.
 */
export async function claimForReminder(
  trx: Db,
  { mailedBefore, limit }: { mailedBefore: Date; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update submission set reminded = true where id in (
      select id from submission b
       where created_at < ${mailedBefore} and not reminded and not undeliverable
         and mailed_at < ${mailedBefore} and not confirmed
         and not exists (
           select from submission later
            where later.petition_id = b.petition_id and later.address = b.address
              and later.created_at > b.created_at)
       order by created_at
       limit ${limit}
         for update skip locked)
    returning id`.execute(trx)
  return rows.map(({ id }) => id)
}

/** Whether the mailbox has confirmed a signature by now, whichever form it came from. */
export async function hasSigned(db: Db, petitionId: number, mailbox: Mailbox): Promise<boolean> {
  const row = await db
    .selectFrom('signature as s')
    .select('id')
    .where('petition_id', '=', petitionId)
    .where(isOf(mailbox))
    .executeTakeFirst()
  return row !== undefined
}

/** What was never confirmed; what is confirmed stays until it is sealed. @returns how many rows went */
export async function deleteExpired(
  db: Db,
  { createdBefore, limit }: { createdBefore: Date; limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from submission where id in (
      select id from submission
       where created_at < ${createdBefore} and not confirmed
       limit ${limit}
         for update skip locked)`.execute(db)
  return Number(numAffectedRows ?? 0n)
}

export async function deleteUnconfirmedOf(trx: Db, petitionId: number): Promise<void> {
  await trx
    .deleteFrom('submission')
    .where('petition_id', '=', petitionId)
    .where('confirmed', '=', false)
    .execute()
}
