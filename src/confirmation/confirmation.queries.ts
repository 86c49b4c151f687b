import { sql } from 'kysely'
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

/**
 * The same for several, held against a second confirmation or withdrawal until the transaction ends; in
 * the order of their ids, so that two transactions never wait for each other in a circle.
 */
export async function lockSignatures(trx: Db, ids: string[]): Promise<SignatureToConfirm[]> {
  const { rows } = await sql<SignatureToConfirm>`
    select id, petition_id, state, display, updates, country, language, source, ref, text_version,
           consent_version, confirmed_at, tag, details
      from signature where id = any (${ids}::bigint[]) order by id for update`.execute(trx)
  return rows
}

export async function setConfirmed(trx: Db, ids: string[], now: Date): Promise<void> {
  await sql`
    update signature set state = 'confirmed', confirmed_at = ${now}
     where id = any (${ids}::bigint[])`.execute(trx)
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

export interface PublicRow {
  signatureId: string
  petitionId: number
  country: string
  now: Date
}

export async function insertPublicNames(
  trx: Db,
  rows: (PublicRow & { name: string })[],
): Promise<void> {
  await trx
    .insertInto('public_name')
    .values(rows.map(({ name, ...row }) => ({ ...columns(row), name })))
    .execute()
}

export async function insertComments(
  trx: Db,
  rows: (PublicRow & { text: Buffer })[],
): Promise<void> {
  await trx
    .insertInto('comment')
    .values(rows.map(({ text, ...row }) => ({ ...columns(row), text })))
    .execute()
}

const columns = ({ signatureId, petitionId, country, now }: PublicRow) => ({
  signature_id: signatureId,
  petition_id: petitionId,
  country,
  confirmed_at: now,
})
