import type { Countable } from '../count/enqueue-count.ts'
import type { Db } from '../database.ts'
import { isOf, type Mailbox, todaysFirst } from './mailbox.ts'
import type { SignatureState } from './signature.table.ts'

export interface SignatureToWithdraw extends Countable {
  id: string
  state: SignatureState
  /** Set when it was withdrawn, also after it was voided. */
  withdrawn_at: Date | null
  tag: Buffer | null
  address: Buffer | null
}

export async function findSignature(db: Db, id: string): Promise<SignatureToWithdraw | null> {
  const row = await select(db, id).executeTakeFirst()
  return row ?? null
}

/** The same, held against a second withdrawal until the transaction ends. */
export async function lockSignature(trx: Db, id: string): Promise<SignatureToWithdraw | null> {
  const row = await select(trx, id).forUpdate().executeTakeFirst()
  return row ?? null
}

function select(db: Db, id: string) {
  return db
    .selectFrom('signature')
    .select([
      'id',
      'petition_id',
      'state',
      'withdrawn_at',
      'confirmed_at',
      'country',
      'language',
      'source',
      'ref',
      'tag',
      'address',
    ])
    .where('id', '=', id)
}

/** A mailbox's signature under a petition. */
export async function findByMailbox(
  db: Db,
  petitionId: number,
  mailbox: Mailbox,
): Promise<{ id: string; address: Buffer | null } | null> {
  const row = await db
    .selectFrom('signature as s')
    .select(['id', 'address'])
    .where('petition_id', '=', petitionId)
    .where(isOf(mailbox))
    .orderBy(todaysFirst(mailbox), 'desc')
    .executeTakeFirst()
  return row ?? null
}

/**
 * What stays is that a signature was withdrawn, when, and which text it had signed; nothing tells
 * whose it was. One that was voided stays voided: as such it is counted, and stands in the log. What other
 * forms of the same address wait for their confirmation goes, too.
 */
export async function eraseSignature(
  trx: Db,
  { id, petition_id, state, address }: SignatureToWithdraw,
  now: Date,
): Promise<void> {
  await trx.deleteFrom('public_name').where('signature_id', '=', id).execute()
  await trx.deleteFrom('comment').where('signature_id', '=', id).execute()
  await trx.deleteFrom('submission').where('id', '=', id).execute()
  if (address) {
    await trx
      .deleteFrom('submission')
      .where('petition_id', '=', petition_id)
      .where('address', '=', address)
      .where('confirmed', '=', false)
      .execute()
  }
  await trx
    .updateTable('signature')
    .set({
      state: state === 'voided' ? 'voided' : 'withdrawn',
      withdrawn_at: now,
      tag: null,
      address: null,
      country: null,
      language: null,
      source: null,
      ref: null,
    })
    .where('id', '=', id)
    .execute()
}
