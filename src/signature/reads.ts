import { type Selectable, sql } from 'kysely'
import type { Db } from '../database.ts'
import { isOf, type Mailbox, todaysFirst } from './mailbox.ts'
import type { SignatureTable, SubmissionTable } from './signature.table.ts'
import { LOST_VERSION } from './signature.ts'

/** Reads that several verbs share; those of one verb stand beside it. */

/** A submission as confirming needs it. */
export type Submission = Pick<
  SubmissionTable,
  | 'id'
  | 'petition_id'
  | 'display'
  | 'updates'
  | 'country'
  | 'language'
  | 'text_version'
  | 'consent_version'
  | 'address'
  | 'details'
>

export type StoredSignature = Selectable<SignatureTable>

/** The columns that links and pages ask for. */
export type Signed = Pick<StoredSignature, 'id' | 'petition_id' | 'state' | 'address'>

/** The rows behind a link to confirm: the submission, the signature that was made of it, or both. */
export interface Found {
  submission: Submission | null
  signature: Signed | null
}

interface FoundRow extends Submission {
  signature_id: string | null
  signed_petition_id: number
  state: Signed['state']
  signed_address: Buffer | null
}

/**
 * By the ids of links, as of one moment; ids of which no row is left are not among them. A submission that
 * waits has no signature: `offset 0` keeps the planner from looking for one in the large index.
 */
export async function findByIds(db: Db, ids: string[]): Promise<Map<string, Found>> {
  const { rows } = await sql<FoundRow>`
    select b.id, b.petition_id, b.display, b.updates, b.country, b.language, b.text_version,
           b.consent_version, b.address, b.details, s.id as signature_id,
           s.petition_id as signed_petition_id, s.state, s.address as signed_address
      from unnest(${ids}::uuid[]) as given (id)
      left join submission b on b.id = given.id
      left join lateral (
        select * from signature where signature.id = given.id and b.confirmed is not false offset 0
      ) s on true
     where b.id is not null or s.id is not null`.execute(db)
  return new Map(
    rows.map((row) => {
      const { signature_id, signed_petition_id, state, signed_address, ...submission } = row
      const signature = signature_id && {
        id: signature_id,
        petition_id: signed_petition_id,
        state,
        address: signed_address,
      }
      const found = { submission: submission.id ? submission : null, signature: signature || null }
      return [submission.id ?? signature_id, found]
    }),
  )
}

export async function findByLink(db: Db, id: string): Promise<Found> {
  return (await findByIds(db, [id])).get(id) ?? { submission: null, signature: null }
}

/**
 * Signatures by their ids.
 *
 * @param options `lock` holds them until the transaction ends, against a withdrawal at the same moment; in one
 *   order, so that two transactions that lock several wait and don't deadlock
 */
export async function findSignatures(
  db: Db,
  ids: string[],
  { lock = false } = {},
): Promise<StoredSignature[]> {
  return db
    .selectFrom('signature')
    .selectAll()
    .where('id', '=', sql<string>`any (${ids}::uuid[])`)
    .$if(lock, (query) => query.orderBy('id').forUpdate())
    .execute()
}

export async function findSignature(
  db: Db,
  id: string,
  options?: { lock: boolean },
): Promise<StoredSignature | null> {
  return (await findSignatures(db, [id], options))[0] ?? null
}

/**
 * A mailbox's signature under a petition; the one with the tag of today before any with a former one.
 *
 * @param options `lost` also finds signatures of which only the log knows; `confirmed` finds no voided one;
 *   `lock` holds it until the transaction ends
 */
export async function findByMailbox(
  db: Db,
  petitionId: number,
  mailbox: Mailbox,
  { lost = false, confirmed = false, lock = false } = {},
): Promise<Signed | null> {
  const row = await db
    .selectFrom('signature as s')
    .select(['id', 'petition_id', 'state', 'address'])
    .where('petition_id', '=', petitionId)
    .where(isOf(mailbox))
    .$if(!lost, (query) => query.where('text_version', '<>', LOST_VERSION))
    .$if(confirmed, (query) => query.where('state', '=', 'confirmed'))
    .orderBy(todaysFirst(mailbox), 'desc')
    .limit(1)
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst()
  return row ?? null
}

/** Whether anybody ever signed the petition, withdrawn signatures included. */
export async function hasSignatures(db: Db, petitionId: number): Promise<boolean> {
  const row = await db
    .selectFrom('signature')
    .select('id')
    .where('petition_id', '=', petitionId)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Whether somebody may still confirm: a link was mailed, or is about to be. */
export async function hasSubmissions(db: Db, petitionId: number): Promise<boolean> {
  return hasSubmission(db, petitionId, { confirmed: false })
}

/** How many forms wait for their confirmation, those that are held included. */
export async function countWaiting(db: Db, petitionId: number): Promise<number> {
  const { forms } = await db
    .selectFrom('submission')
    .select(({ fn }) => fn.countAll<string>().as('forms'))
    .where('petition_id', '=', petitionId)
    .where('confirmed', '=', false)
    .executeTakeFirstOrThrow()
  return Number(forms)
}

/** True while a confirmed signature of the petition is still readable on the server. */
export async function waitsForSealing(db: Db, petitionId: number): Promise<boolean> {
  return hasSubmission(db, petitionId, { confirmed: true })
}

async function hasSubmission(
  db: Db,
  petitionId: number,
  { confirmed }: { confirmed: boolean },
): Promise<boolean> {
  const row = await db
    .selectFrom('submission')
    .select('id')
    .where('petition_id', '=', petitionId)
    .where('confirmed', '=', confirmed)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
