import type { Db } from '../database.ts'
import type { SignatureState } from '../signature/signature.table.ts'
import type { Countable } from '../tally/enqueue-tally.ts'

export interface SignatureToWithdraw extends Countable {
  id: string
  state: SignatureState
  /** Set when it was withdrawn, also after it was voided. */
  withdrawn_at: Date | null
  tag: Buffer | null
}

export async function findSignature(db: Db, id: string): Promise<SignatureToWithdraw | null> {
  const row = await select(db, id).executeTakeFirst()
  return row ?? null
}

/** The same, held against a confirmation or a second withdrawal until the transaction ends. */
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
    ])
    .where('id', '=', id)
}

/** An address's signature in one petition. */
export async function findByTag(
  db: Db,
  petitionId: number,
  tag: Buffer,
): Promise<{ id: string; details: Buffer | null } | null> {
  const row = await db
    .selectFrom('signature')
    .select(['id', 'details'])
    .where('petition_id', '=', petitionId)
    .where('tag', '=', tag)
    .executeTakeFirst()
  return row ?? null
}

export async function findWithdrawalMailedAt(db: Db, id: string): Promise<Date | null> {
  const row = await db
    .selectFrom('signature')
    .select('withdrawal_mailed_at')
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.withdrawal_mailed_at ?? null
}

/** Counts a link that the mail server accepted, or refused for good. */
export async function markWithdrawalMailed(db: Db, id: string, now: Date): Promise<void> {
  await db
    .updateTable('signature')
    .set({ withdrawal_mailed_at: now })
    .where('id', '=', id)
    .execute()
}

/**
 * What stays is that a signature was withdrawn, when, and which text it had signed; nothing tells
 * whose it was. One that was voided stays voided: as such it is counted, and stands in the log.
 */
export async function eraseSignature(
  trx: Db,
  { id, state }: SignatureToWithdraw,
  now: Date,
): Promise<void> {
  await trx.deleteFrom('public_name').where('signature_id', '=', id).execute()
  await trx.deleteFrom('comment').where('signature_id', '=', id).execute()
  await trx
    .updateTable('signature')
    .set({
      state: state === 'voided' ? 'voided' : 'withdrawn',
      withdrawn_at: now,
      details: null,
      tag: null,
      country: null,
      language: null,
      source: null,
      ref: null,
      display: 'hidden',
      updates: false,
      mailed_at: null,
      withdrawal_mailed_at: null,
    })
    .where('id', '=', id)
    .execute()
}
