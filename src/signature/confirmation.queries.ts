import { sql } from 'kysely'
import { insertIntoTallyQueue } from '../count/enqueue-count.ts'
import type { Db } from '../database.ts'
import { hasSqlState } from '../platform/database/sql-state.ts'
import type { Display } from '../sealing/record/sealed-record.ts'
import { insertIntoSealingQueue } from './enqueue-sealing.ts'
import { FITS_FORMER, isOf, type Mailbox, todaysFirst } from './mailbox.ts'
import type { ModerationState } from './shown/public-signer.table.ts'
import { LOST_VERSION, type SignatureState } from './signature.table.ts'

/** What a form brought, as it waits for its confirmation. */
export interface Submission {
  id: string
  petition_id: number
  display: Display
  updates: boolean
  country: string
  language: string
  text_version: number
  consent_version: number
  address: Buffer
  details: Buffer
}

/** What a link to confirm may find: the submission, the signature that was made of it, or both. */
export interface Found {
  submission: Submission | null
  signature: Signed | null
}

export interface Signed {
  id: string
  petition_id: number
  state: SignatureState
  address: Buffer | null
}

interface FoundRow extends Submission {
  signature_id: string | null
  signed_petition_id: number
  state: SignatureState
  signed_address: Buffer | null
}

/**
 * By the ids of links, as of one moment; those of which nothing is left are not among them. What waits for
 * its confirmation has no signature: `offset 0` keeps the planner from looking for one in the large index.
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

/** A mailbox's signature under a petition, as its signer knows it: not one that was lost. */
export async function findByMailbox(
  db: Db,
  petitionId: number,
  mailbox: Mailbox,
): Promise<Signed | null> {
  const row = await db
    .selectFrom('signature as s')
    .select(['id', 'petition_id', 'state', 'address'])
    .where('petition_id', '=', petitionId)
    .where(isOf(mailbox))
    .where('text_version', '<>', LOST_VERSION)
    .orderBy(todaysFirst(mailbox), 'desc')
    .executeTakeFirst()
  return row ?? null
}

export interface Lost {
  /** The submission that waits. */
  submissionId: string
  /** The lost signature of its mailbox. */
  id: string
}

/** Submissions whose mailbox has signed and whose signature was lost; held, before the signatures are. */
export async function findLost(trx: Db, waiting: { id: string; tag: Buffer }[]): Promise<Lost[]> {
  const { rows } = await sql<Lost>`
    with held as (
      select b.id, b.petition_id, given.tag
        from unnest(
          ${waiting.map(({ id }) => id)}::uuid[], ${waiting.map(({ tag }) => tag)}::bytea[]) as given (id, tag)
        join submission b on b.id = given.id
       where not confirmed
       order by b.id
         for update of b
    )
    select held.id as "submissionId", s.id
      from held join signature s on s.petition_id = held.petition_id and s.tag = held.tag
     where s.text_version = ${LOST_VERSION} and s.state = 'confirmed'
     order by s.id`.execute(trx)
  return rows
}

/** What the page shows of a signature, or will. */
export interface Shown {
  /** Null for a signer who stays hidden. */
  name: string | null
  nameState: ModerationState
  /** Encrypted; it waits to be read. */
  comment: Buffer | null
}

export interface NewSignature extends Shown {
  submission: Submission
  mailbox: Mailbox
}

/**
 * Makes signatures of submissions, in one statement for many: rows, what the public sees of them and their
 * places in the queues of the tally and of sealing come together or not at all. Marking a submission holds
 * it, so that a rejection, an erasure or another press either comes before or finds it confirmed.
 *
 * All with-queries read what `marked` gives and join nothing: the planner expects one row of it, and would
 * join any two by looking at each pair.
 *
 * @param given no two of one mailbox
 * @param options `look` passes over mailboxes that have signed; without it their unique key refuses the
 *   whole statement, which costs the others nothing while nobody does it
 * @returns the ids of those that became signatures: not what is gone by now, was confirmed by another
 *   press, or belongs to a mailbox that has signed
 * @throws when another statement is confirming one of the same mailboxes; nothing is written then
 */
export async function insertSignatures(
  db: Db,
  given: NewSignature[],
  { now, look }: { now: Date; look: boolean },
): Promise<Set<string>> {
  // In one order, so that two of these seldom wait for each other in a circle.
  const ordered = given.toSorted((a, b) => (a.submission.id < b.submission.id ? -1 : 1))
  const column = <T>(pick: (one: NewSignature) => T) => ordered.map(pick)
  const { rows } = await sql<{ id: string }>`
    with given as (
      select * from unnest(
        ${column(({ submission }) => submission.id)}::uuid[],
        ${column(({ mailbox }) => mailbox.tag)}::bytea[],
        ${column(({ name }) => name)}::text[],
        ${column(({ nameState }) => nameState)}::moderation_state[],
        ${column(({ comment }) => comment)}::bytea[])
      as given (id, tag, name, name_state, comment)
    ),
    marked as (
      update submission b set confirmed = true
        from given
       where b.id = given.id and not confirmed
         and ${look ? HAS_NOT_SIGNED : sql`true`}
         and ${hasNotSignedBefore(ordered)}
      returning b.id, petition_id, text_version, country, language, source, ref, address, tag, name,
                name_state, comment, ${now}::timestamptz as confirmed_at
    ),
    made as (
      insert into signature
        (id, confirmed_at, petition_id, text_version, country, language, source, ref, tag, address)
      select id, confirmed_at, petition_id, text_version, country, language, source, ref, tag, address
        from marked order by petition_id, tag
    ),
    counted as (${insertIntoTallyQueue('marked', 'confirmed')}),
    sealed as (${insertIntoSealingQueue('marked')}),
    named as (
      insert into public_name (signature_id, petition_id, state, name, country, confirmed_at)
      select id, petition_id, name_state, name, country, confirmed_at from marked where name is not null
    ),
    commented as (
      insert into comment (signature_id, petition_id, text, country, confirmed_at)
      select id, petition_id, comment, country, confirmed_at from marked where comment is not null
    )
    select id from marked`.execute(db)
  return new Set(rows.map(({ id }) => id))
}

const HAS_NOT_SIGNED = sql`
  not exists (select from signature s where s.petition_id = b.petition_id and s.tag = given.tag)`

/** No key refuses what stands under a tag of former rules: looked for wherever there may be one, which is seldom. */
function hasNotSignedBefore(given: NewSignature[]) {
  const former = given.flatMap(({ submission: { id }, mailbox }) =>
    mailbox.former.map((each) => ({ id, ...each })),
  )
  if (former.length === 0) return sql`true`
  return sql`
    not exists (
      select from unnest(${former.map(({ id }) => id)}::uuid[],
                         ${former.map(({ tag }) => tag)}::bytea[],
                         ${former.map(({ address }) => address)}::bytea[]) as f (id, tag, address)
        join signature s on s.petition_id = b.petition_id and ${FITS_FORMER}
       where f.id = b.id)`
}

/** A mailbox that has signed, or signs at the same moment; or two batches that wait for each other. */
export const isCollision = (error: unknown): boolean =>
  hasSqlState(error, 'uniqueViolation', 'deadlock')

/** What was not confirmed goes without a trace: it never counted. @returns false when there was nothing of it */
export async function deleteUnconfirmed(db: Db, id: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('submission')
    .where('id', '=', id)
    .where('confirmed', '=', false)
    .executeTakeFirst()
  return numDeletedRows > 0n
}
