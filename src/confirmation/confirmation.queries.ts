import { sql } from 'kysely'
import type { Db } from '../database.ts'
import { insertIntoSealingQueue } from '../sealing/seal/enqueue-sealing.ts'
import type { Display, SignatureState } from '../signature/signature.table.ts'
import { insertIntoTallyQueue } from '../tally/enqueue-tally.ts'

export interface SignatureToConfirm {
  id: string
  petition_id: number
  state: SignatureState
  display: Display
  updates: boolean
  country: string | null
  language: string | null
  text_version: number
  consent_version: number
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
      'text_version',
      'consent_version',
      'tag',
      'details',
    ])
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

/** A signature as it was read, and which of its row's versions that was. */
export interface ReadSignature extends SignatureToConfirm {
  version: string
}

/** Several at once, held by nothing: whoever writes names the version that was read. */
export async function readSignatures(db: Db, ids: string[]): Promise<ReadSignature[]> {
  const { rows } = await sql<ReadSignature>`
    select id, petition_id, state, display, updates, country, language, text_version, consent_version,
           tag, details, xmin::text as version
      from signature where id = any (${ids}::bigint[])`.execute(db)
  return rows
}

export interface NewConfirmation {
  signature: ReadSignature
  /** What the public list shows; null for a signer who stays hidden. */
  name: string | null
  comment: Buffer | null
}

/**
 * One statement for many: rows, what the public sees of them and their places in the queues of the
 * tally and of sealing come together or not at all.
 *
 * It doesn't ask for the pending state, which the version proves: else the planner, with statistics from
 * before a crowd came, would look for the few rows through the index of all that are pending.
 *
 * @param confirmations of signatures that were pending when they were read
 * @returns the ids of those that were confirmed; whatever has changed since it was read is not
 */
export async function writeConfirmations(
  db: Db,
  confirmations: NewConfirmation[],
  now: Date,
): Promise<Set<string>> {
  const column = <T>(pick: (confirmation: NewConfirmation) => T) => confirmations.map(pick)
  const { rows } = await sql<{ id: string }>`
    with given as (
      select * from unnest(
        ${column(({ signature }) => signature.id)}::bigint[],
        ${column(({ signature }) => signature.version)}::xid[],
        ${column(({ name }) => name)}::text[],
        ${column(({ comment }) => comment)}::bytea[])
      as given (id, version, name, comment)
    ),
    confirmed as (
      update signature set state = 'confirmed', confirmed_at = ${now}
        from given
       where signature.id = given.id and xmin = given.version
      returning signature.id, petition_id, confirmed_at, country, language, source, ref, name, comment
    ),
    counted as (${insertIntoTallyQueue('confirmed', 'confirmed')}),
    sealed as (${insertIntoSealingQueue('confirmed')}),
    named as (
      insert into public_name (signature_id, petition_id, name, country, confirmed_at)
      select id, petition_id, name, country, confirmed_at from confirmed where name is not null
    ),
    commented as (
      insert into comment (signature_id, petition_id, text, country, confirmed_at)
      select id, petition_id, comment, country, confirmed_at from confirmed where comment is not null
    )
    select id from confirmed`.execute(db)
  return new Set(rows.map(({ id }) => id))
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
