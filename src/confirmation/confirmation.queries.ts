import type { Db } from '../database.ts'
import type { Display, SignatureState } from '../signature/signature.table.ts'

export interface SignatureToConfirm {
  id: string
  petition_id: number
  state: SignatureState
  display: Display
  updates: boolean
  country: string | null
  language: string | null
  source: string | null
  ref: string | null
  text_version: number
  consent_version: number
  confirmed_at: Date | null
  tag: Buffer | null
  details: Buffer | null
}

export async function findSignature(db: Db, id: string): Promise<SignatureToConfirm | null> {
  const row = await db
    .selectFrom('signature')
    .select([
      'id',
      'petition_id',
      'state',
      'display',
      'updates',
      'country',
      'language',
      'source',
      'ref',
      'text_version',
      'consent_version',
      'confirmed_at',
      'tag',
      'details',
    ])
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

/** The same, held against a second confirmation or withdrawal until the transaction ends. */
export async function lockSignature(trx: Db, id: string): Promise<SignatureToConfirm | null> {
  await trx.selectFrom('signature').select('id').where('id', '=', id).forUpdate().execute()
  return findSignature(trx, id)
}

export async function setConfirmed(trx: Db, id: string, now: Date): Promise<void> {
  await trx
    .updateTable('signature')
    .set({ state: 'confirmed', confirmed_at: now })
    .where('id', '=', id)
    .execute()
}

/** A pending signature goes without a trace: it never counted. */
export async function deletePending(db: Db, id: string): Promise<boolean> {
  const outcome = await db
    .deleteFrom('signature')
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .executeTakeFirst()
  return outcome.numDeletedRows > 0n
}

interface PublicRow {
  signatureId: string
  petitionId: number
  country: string
  now: Date
}

export async function insertPublicName(trx: Db, row: PublicRow & { name: string }): Promise<void> {
  await trx
    .insertInto('public_name')
    .values({
      signature_id: row.signatureId,
      petition_id: row.petitionId,
      name: row.name,
      country: row.country,
      confirmed_at: row.now,
    })
    .execute()
}

export async function insertComment(trx: Db, row: PublicRow & { text: Buffer }): Promise<void> {
  await trx
    .insertInto('comment')
    .values({
      signature_id: row.signatureId,
      petition_id: row.petitionId,
      text: row.text,
      country: row.country,
      confirmed_at: row.now,
    })
    .execute()
}
