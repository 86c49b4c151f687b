import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../database.ts'
import { hasSqlState } from '../../platform/database/sql-state.ts'
import { FITS_FORMER, type Mailbox } from '../mailbox.ts'
import type { Waits } from '../moderation/why.ts'
import type { StoredSignature, Submission } from '../reads.ts'
import type { ModerationState } from '../signature.table.ts'
import { LOST_VERSION } from '../signature.ts'
import { insertIntoSealingQueue, insertIntoTallyQueue } from './outbox.ts'
import { eraseSealed } from './sealed-records.ts'
import { deleteShown } from './shown.ts'
import { eraseSubmissionsOf } from './submissions.ts'

/**
 * The store: every statement that writes `signature` (here), `submission` (submissions.ts), `public_name` and
 * `comment` (shown.ts), `sealed_record` and the outbox (outbox.ts). Confirming writes to all but the sealed
 * record, in one statement that stands here.
 */

/** The public part of a signature, approved or not. */
export interface Shown {
  /** Null for a signer who stays hidden. */
  name: string | null
  nameState: ModerationState
  /** Why the name waits; null where it doesn't. */
  nameWhy: Waits | null
  /** Encrypted; it waits to be read. */
  comment: Buffer | null
  commentWhy: Waits | null
}

export interface NewSignature extends Shown {
  submission: Submission
  mailbox: Mailbox
}

/**
 * Makes signatures of submissions, in one statement for many: rows, their public part and
 * their rows in the outbox come together or not at all. Marking a submission locks it, so that a rejection, an
 * erasure or another press either comes before or finds it confirmed.
 *
 * All with-queries read what `marked` gives and join nothing: the planner expects one row of it, and would
 * join any two by looking at each pair.
 *
 * @param given no two of one mailbox
 * @param options `look` passes over mailboxes that have signed; without it their unique key refuses the
 *   whole statement, which costs the others nothing as long as no mailbox signs twice
 * @returns the ids of those that became signatures: not those of submissions that are gone by now, were
 *   confirmed by another press, or belong to a mailbox that has signed
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
        ${column(({ nameWhy }) => nameWhy)}::text[],
        ${column(({ comment }) => comment)}::bytea[],
        ${column(({ commentWhy }) => commentWhy)}::text[])
      as given (id, tag, name, name_state, name_why, comment, comment_why)
    ),
    marked as (
      update submission b set confirmed = true
        from given
       where b.id = given.id and not confirmed
         and ${look ? HAS_NOT_SIGNED : sql`true`}
         and ${hasNotSignedBefore(ordered)}
      returning b.id, petition_id, text_version, country, language, source, ref, address, tag, name,
                name_state, name_why, comment, comment_why, ${now}::timestamptz as confirmed_at
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
      insert into public_name (signature_id, petition_id, state, why, name, country, confirmed_at)
      select id, petition_id, name_state, name_why, name, country, confirmed_at from marked where name is not null
    ),
    commented as (
      insert into comment (signature_id, petition_id, why, text, country, confirmed_at)
      select id, petition_id, comment_why, comment, country, confirmed_at from marked where comment is not null
    )
    select id from marked`.execute(db)
  return new Set(rows.map(({ id }) => id))
}

const HAS_NOT_SIGNED = sql`
  not exists (select from signature s where s.petition_id = b.petition_id and s.tag = given.tag)`

/** The unique key doesn't know tags of former rules: they are looked up where there may be one, which is seldom. */
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

export async function voidAndHide(trx: Db, ids: string[]): Promise<void> {
  await trx
    .updateTable('signature')
    .set({ state: 'voided' })
    .where('id', '=', sql<string>`any (${ids}::uuid[])`)
    .execute()
  await deleteShown(trx, ids)
}

/**
 * Erases a signer: sealed record, name, comment, their submissions, and what the row says of them. The
 * row keeps its times and the text's version; nothing says whose it was. A voided signature stays voided, as it is
 * counted and logged. The subscriber is another room's to erase.
 */
export async function eraseSignature(
  trx: Db,
  signature: Pick<StoredSignature, 'id' | 'petition_id' | 'address' | 'state'>,
  now: Date,
): Promise<void> {
  const { id, petition_id, state } = signature
  await eraseSealed(trx, petition_id, id)
  await deleteShown(trx, [id])
  await eraseSubmissionsOf(trx, signature)
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

interface Move {
  id: string
  petitionId: number
  tag: Buffer
  today: Buffer
  /** Under which its mailbox gets updates, if it does. */
  subscriber: Buffer
}

export async function canMoveTag(db: Db, move: Move): Promise<boolean> {
  const { rows } = await sql`select from signature where ${isMovable(move)}`.execute(db)
  return rows.length > 0
}

/**
 * One statement, so that it moves whole or not at all; not within a transaction, which a refusal would end.
 *
 * @returns false when it stays, also when its mailbox signs at this moment: a row that `not exists` can't see
 *   yet, the unique key refuses
 */
export async function moveTag(db: Db, move: Move): Promise<boolean> {
  try {
    const { rows } = await sql`
      update signature set tag = ${move.today} where ${isMovable(move)} returning id`.execute(db)
    return rows.length > 0
  } catch (error) {
    if (hasSqlState(error, 'uniqueViolation')) return false
    throw error
  }
}

const isMovable = ({ id, petitionId, tag, today, subscriber }: Move) => sql`
  id = ${id}::uuid and tag = ${tag}
  and not exists (select from signature o where o.petition_id = ${petitionId} and o.tag = ${today})
  and not exists (
    select from subscriber u where u.petition_id = ${petitionId} and u.tag = ${subscriber})`

/**
 * Signatures of which only the log knows: a part of the statement that finds their entries. `ZZ` and `und`
 * are the standards' own words for an unknown country and language.
 *
 * @param from name of a with-query that gives `id`, `confirmed_at` and `petition_id`
 */
export function insertLostSignatures(from: string): RawBuilder<unknown> {
  return sql`
    insert into signature (id, confirmed_at, petition_id, text_version, country, language)
    select id, confirmed_at, petition_id, ${sql.lit(LOST_VERSION)}, 'ZZ', 'und' from ${sql.table(from)}`
}

/**
 * Gives lost signatures their mailboxes' tags back, so that a signer who signs again is recognised.
 *
 * @returns ids of those whose mailbox has another signature here that counts
 */
export async function setLostTags(trx: Db, tags: { id: string; tag: Buffer }[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with given as (
      select given.id, s.petition_id, given.tag, o.state,
             row_number() over (partition by s.petition_id, given.tag order by s.confirmed_at, s.id) as nth
        from unnest(
          ${tags.map(({ id }) => id)}::uuid[], ${tags.map(({ tag }) => tag)}::bytea[]) as given (id, tag)
        join signature s on s.id = given.id
        left join signature o on o.petition_id = s.petition_id and o.tag = given.tag
    ),
    tagged as (
      update signature s set tag = given.tag from given
       where s.id = given.id and given.state is null and nth = 1
    )
    select id from given where state = 'confirmed' or (state is null and nth > 1)`.execute(trx)
  return rows.map(({ id }) => id)
}
