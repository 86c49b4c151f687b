import { sql } from 'kysely'
import type { Db } from '../database.ts'
import type { Display, SignatureState } from './signature.table.ts'

export interface NewSignature {
  petitionId: number
  textVersion: number
  consentVersion: number
  display: Display
  updates: boolean
  country: string
  language: string
  source: string | null
  ref: string | null
  tag: Buffer
  details: Buffer
  now: Date
}

export interface PendingOrKnown {
  id: string
  state: SignatureState
}

/**
 * One statement for a new, a pending and a confirmed address, so that all take the same time.
 *
 * A pending signature takes the newest details, except that nobody but the owner of the mailbox may
 * make it more public: of two display choices the more private wins, and updates stay off unless
 * both asked for them. A confirmed one is left untouched.
 */
export async function upsertPending(trx: Db, row: NewSignature): Promise<PendingOrKnown> {
  const { rows } = await sql<PendingOrKnown>`
    insert into signature as s
      (petition_id, text_version, consent_version, display, updates, country, language, source, ref,
       tag, details, created_at)
    values
      (${row.petitionId}, ${row.textVersion}, ${row.consentVersion}, ${row.display}, ${row.updates},
       ${row.country}, ${row.language}, ${row.source}, ${row.ref}, ${row.tag}, ${row.details}, ${row.now})
    on conflict (petition_id, tag) do update set
      details = case when s.state = 'pending' then excluded.details else s.details end,
      display = case when s.state = 'pending' then least(s.display, excluded.display) else s.display end,
      updates = case when s.state = 'pending' then s.updates and excluded.updates else s.updates end,
      undeliverable = s.state <> 'pending' and s.undeliverable,
      -- Credit only where all submissions agree: else a code would tell its owner who has signed.
      ref = case when s.state = 'pending' and s.ref is distinct from excluded.ref
        then null else s.ref end,
      source = case when s.state = 'pending' and s.source is distinct from excluded.source
        then null else s.source end,
      country = case when s.state = 'pending' then excluded.country else s.country end,
      language = case when s.state = 'pending' then excluded.language else s.language end,
      text_version = case when s.state = 'pending' then excluded.text_version else s.text_version end,
      consent_version =
        case when s.state = 'pending' then excluded.consent_version else s.consent_version end
    returning s.id, s.state`.execute(trx)
  return rows[0]!
}

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

export async function findForMail(db: Db, id: string): Promise<SignatureForMail | null> {
  const row = await db
    .selectFrom('signature')
    .select([
      'id',
      'petition_id',
      'state',
      'language',
      'details',
      'mails',
      'mailed_at',
      'undeliverable',
    ])
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

/** Counts a mail that the mail server accepted. */
export async function markMailed(db: Db, id: string, now: Date): Promise<void> {
  await db
    .updateTable('signature')
    .set((eb) => ({ mails: eb('mails', '+', 1), mailed_at: now }))
    .where('id', '=', id)
    .execute()
}

/** The mail server refused the address for good. */
export async function markUndeliverable(db: Db, id: string): Promise<void> {
  await db.updateTable('signature').set({ undeliverable: true }).where('id', '=', id).execute()
}

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
