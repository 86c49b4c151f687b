import { sql } from 'kysely'
import type { Db } from '../database.ts'
import type { Display } from '../sealing/record/sealed-record.ts'

/**
 * Takes a batch off the queue for the rest of the transaction; what another one is sealing is passed
 * over. Signatures of a petition without recipients stay: there is nobody to seal them to.
 *
 * @returns ids of signatures
 */
export async function takeFromQueue(trx: Db, limit: number): Promise<string[]> {
  const { rows } = await sql<{ signature_id: string }>`
    delete from sealing_queue where signature_id = any (array(
      select q.signature_id
        from sealing_queue q
        left join signature s on s.id = q.signature_id
        left join petition p on p.id = s.petition_id
       where s.id is null or jsonb_array_length(coalesce(p.settings->'recipients', '[]')) > 0
       order by q.signature_id
       limit ${limit}
       for update of q skip locked))
    returning signature_id`.execute(trx)
  return rows.map((row) => row.signature_id)
}

export interface SignatureToSeal {
  id: string
  petition_id: number
  slug: string
  state: 'confirmed' | 'voided'
  recipients: string[]
  country: string
  language: string
  display: Display
  updates: boolean
  consent_version: number
  text_version: number
  created_at: Date
  confirmed_at: Date
  source: string | null
  ref: string | null
  details: Buffer
}

/** Held against a withdrawal until the transaction ends. Those withdrawn meanwhile are not among them. */
export async function lockToSeal(trx: Db, ids: string[]): Promise<SignatureToSeal[]> {
  const { rows } = await sql<SignatureToSeal>`
    select s.id, s.petition_id, s.state, p.slug, p.settings->'recipients' as recipients, b.country,
           b.language, b.display, b.updates, b.consent_version, b.text_version, b.created_at,
           s.confirmed_at, b.source, b.ref, b.details
      from signature s
      join submission b on b.id = s.id
      join petition p on p.id = s.petition_id
     where s.id = any (${ids}::uuid[]) and s.state in ('confirmed', 'voided')
     order by s.id
       for update of s`.execute(trx)
  return rows
}

export interface Sealed {
  petitionId: number
  id: string
  commitment: Uint8Array
  sealed: Uint8Array
}

/** The readable copy goes in the statement that brings the sealed one. */
export async function replaceDetails(trx: Db, records: Sealed[]): Promise<void> {
  await sql`
    with dropped as (
      delete from submission where id = any (${records.map(({ id }) => id)}::uuid[])
    )
    insert into sealed_record (petition_id, signature_id, commitment, sealed)
    select * from unnest(
      ${records.map(({ petitionId }) => petitionId)}::integer[],
      ${records.map(({ id }) => id)}::uuid[],
      ${records.map(({ commitment }) => Buffer.from(commitment))}::bytea[],
      ${records.map(({ sealed }) => Buffer.from(sealed))}::bytea[])`.execute(trx)
}

/** @returns how many were confirmed, readable and in no queue */
export async function insertReadable(db: Db): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into sealing_queue
      select id from submission where confirmed
    on conflict do nothing`.execute(db)
  return Number(numAffectedRows ?? 0n)
}

export async function hasReadable(db: Db, petitionId: number): Promise<boolean> {
  const row = await db
    .selectFrom('submission')
    .select('id')
    .where('petition_id', '=', petitionId)
    .where('confirmed', '=', true)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export async function deleteSealed(trx: Db, petitionId: number, id: string): Promise<void> {
  await trx
    .deleteFrom('sealed_record')
    .where('petition_id', '=', petitionId)
    .where('signature_id', '=', id)
    .execute()
}
