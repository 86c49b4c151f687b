import { sql } from 'kysely'
import type { Db } from '../../database.ts'
import { endLeases } from '../../defence/lease-mails.ts'
import type { SharedTrait } from '../../defence/shared-traits.ts'
import type { Traits } from '../../defence/traits.ts'
import type { Held } from '../../defence/verdict.ts'
import { MAX_ATTEMPTS } from '../../platform/jobs/add-job.ts'
import type { Display } from '../../sealing/record/sealed-record.ts'
import { forgetTraits, insertTraits } from './traits.ts'

/** Statements that write `submission`, but for confirming (signatures.ts) and sealing (outbox.ts). */

/** Of one address only so many submissions to one petition are kept while their mails wait. */
const KEPT_AN_ADDRESS = 10

export interface NewSubmission {
  id: string
  petitionId: number
  textVersion: number
  consentVersion: number
  display: Display
  updates: boolean
  country: string
  language: string
  source: string | null
  ref: string | null
  address: Buffer
  details: Buffer
  now: Date
  /** Why its mail waits; null: it is mailed at once. */
  held: Held | null
  /** Of those that wait: how many of its network do before it. */
  turn: number
  /** Of the proof of work that it brought; null: none. */
  proof: { id: Buffer; expiresAt: Date } | null
  /** What is noted of it; null: nothing. */
  traits: Traits | null
  /** Of it and maybe of earlier ones. */
  shared: SharedTrait[]
}

/**
 * One statement for many: rows and the job that mails them are durable together, in one round trip. It
 * looks up nothing about an address, so that it takes as long for everyone. A proof lets one form pass: one that
 * comes with a spent proof is held like one without.
 *
 * @param options `task`: its payload is `{ submissions: [id] }`; `part` of the petition's count of forms
 */
export async function insertSubmissions(
  db: Db,
  rows: NewSubmission[],
  { task, part }: { task: string; part: number },
): Promise<void> {
  const column = <T>(pick: (row: NewSubmission) => T) => rows.map(pick)
  const proofs = firstOfEach(rows)
  await sql`
    with spent as (
      insert into spent_proof (id, expires_at)
        select id, expires_at from unnest(
          ${[...proofs.values()].map(({ id }) => id)}::bytea[],
          ${[...proofs.values()].map(({ expiresAt }) => expiresAt)}::timestamptz[])
          as given (id, expires_at) order by id
      on conflict do nothing
      returning id),
    kept as (
      insert into submission
        (id, petition_id, text_version, consent_version, display, updates, country, language, source,
         ref, address, details, created_at, turn, held)
      select id, petition_id, text_version, consent_version, display, updates, country, language, source,
             ref, address, details, created_at, turn,
             case when held is null and proof is not null and proof not in (select id from spent)
               then ${SPENT} else held end
       from unnest(
        ${column((row) => row.id)}::uuid[], ${column((row) => row.petitionId)}::integer[],
        ${column((row) => row.textVersion)}::integer[],
        ${column((row) => row.consentVersion)}::smallint[],
        ${column((row) => row.display)}::signature_display[],
        ${column((row) => row.updates)}::boolean[], ${column((row) => row.country)}::text[],
        ${column((row) => row.language)}::text[], ${column((row) => row.source)}::text[],
        ${column((row) => row.ref)}::text[], ${column((row) => row.address)}::bytea[],
        ${column((row) => row.details)}::bytea[], ${column((row) => row.now)}::timestamptz[],
        ${column((row) => row.turn)}::smallint[],
        ${column((row) => (row.proof && !proofs.has(row.id) ? SPENT : row.held))}::text[],
        ${column((row) => row.proof?.id ?? null)}::bytea[])
        as given (id, petition_id, text_version, consent_version, display, updates, country, language, source,
                  ref, address, details, created_at, turn, held, proof)
      returning id, petition_id, held
    ),
    counted as (
      insert into form_count as c (petition_id, part, forms)
        select petition_id, ${part}::smallint, count(*) from kept group by 1 order by 1
      on conflict (petition_id, part) do update set forms = c.forms + excluded.forms),
    ${insertTraits(rows)}
    select graphile_worker.add_job(
             ${task}, payload => json_build_object('submissions', json_agg(id)),
             max_attempts => ${MAX_ATTEMPTS}::int)
      from kept where held is null having count(*) > 0`.execute(db)
}

const SPENT: Held = 'slow'

/** The proofs by the forms that may spend them: of several forms with one proof the first. */
function firstOfEach(rows: NewSubmission[]): Map<string, { id: Buffer; expiresAt: Date }> {
  const seen = new Set<string>()
  const first = new Map<string, { id: Buffer; expiresAt: Date }>()
  for (const { id, proof } of rows) {
    const name = proof?.id.toString('hex')
    if (!proof || !name || seen.has(name)) continue
    seen.add(name)
    first.set(id, proof)
  }
  return first
}

/** The mail server took the mails with their links. */
export async function markMailed(trx: Db, ids: string[], now: Date): Promise<void> {
  await sql`
    update submission set mailed_at = ${now} where id in (${inOrder(ids)})`.execute(trx)
}

/** The mail server refused these addresses for good. */
export async function markUndeliverable(trx: Db, ids: string[]): Promise<void> {
  await sql`
    update submission set undeliverable = true where id in (${inOrder(ids)})`.execute(trx)
}

/** Locked in the order in which confirmations lock them: else the two could wait for each other. */
const inOrder = (ids: string[]) => sql`
  select id from submission where id = any (${ids}::uuid[]) order by id for update`

/**
 * Of thousands of forms with one address only the newest are left waiting. A mailed one stays: its link
 * may be about to be pressed.
 */
export async function deleteOldestWaiting(
  trx: Db,
  addresses: { petitionId: number; address: Buffer }[],
): Promise<void> {
  await sql`
    with ranked as (
      select id, row_number() over (
               partition by petition_id, address order by created_at desc, id) as place
        from submission join unnest(
               ${addresses.map(({ petitionId }) => petitionId)}::integer[],
               ${addresses.map(({ address }) => address)}::bytea[]) as given (petition_id, address)
             using (petition_id, address)
       -- Those that a flood holds are no company for a form that is about to be mailed.
       where mailed_at is null and not confirmed and held is null
    )
    delete from submission where mailed_at is null and not confirmed and id in (
      select id from ranked where place > ${KEPT_AN_ADDRESS})`.execute(trx)
}

/**
 * Marks, and returns, submissions that were mailed before `mailedBefore`, are not confirmed and had no reminder: of
 * one address and petition the newest alone. A mail that was put off for days is not reminded of within the hour.
 */
export async function claimForReminder(
  trx: Db,
  { mailedBefore, limit }: { mailedBefore: Date; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update submission set reminded = true where id in (
      select id from submission b
       where created_at < ${mailedBefore} and not reminded and not undeliverable
         and mailed_at < ${mailedBefore} and not confirmed
         and not exists (
           select from submission later
            where later.petition_id = b.petition_id and later.address = b.address
              and later.created_at > b.created_at)
       order by created_at
       limit ${limit}
         for update skip locked)
    returning id`.execute(trx)
  return rows.map(({ id }) => id)
}

/** A submission that was not confirmed never counted: it leaves no trace. @returns false when there was none */
export async function deleteUnconfirmed(db: Db, id: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('submission')
    .where('id', '=', id)
    .where('confirmed', '=', false)
    .executeTakeFirst()
  if (numDeletedRows === 0n) return false
  await forgetErased(db, [id])
  return true
}

/** Deletes submissions that were never confirmed; confirmed ones stay until they are sealed. @returns how many */
export async function deleteExpired(
  db: Db,
  { createdBefore, limit }: { createdBefore: Date; limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from submission where id in (
      select id from submission
       where created_at < ${createdBefore} and not confirmed
       limit ${limit}
         for update skip locked)`.execute(db)
  return Number(numAffectedRows ?? 0n)
}

/** Erases submissions whose confirmation can no longer come. @returns how many */
export async function eraseAllPending(trx: Db, petitionId: number): Promise<number> {
  const erased = await trx
    .deleteFrom('submission')
    .where('petition_id', '=', petitionId)
    .where('confirmed', '=', false)
    .returning('id')
    .execute()
  await forgetErased(
    trx,
    erased.map((row) => row.id),
  )
  return erased.length
}

/** A signer's own submission, and unconfirmed ones of the same address. */
export async function eraseSubmissionsOf(
  trx: Db,
  { id, petition_id, address }: { id: string; petition_id: number; address: Buffer | null },
): Promise<void> {
  await trx.deleteFrom('submission').where('id', '=', id).execute()
  await forgetErased(trx, [id])
  if (!address) return
  const erased = await trx
    .deleteFrom('submission')
    .where('petition_id', '=', petition_id)
    .where('address', '=', address)
    .where('confirmed', '=', false)
    .returning('id')
    .execute()
  await forgetErased(
    trx,
    erased.map((row) => row.id),
  )
}

async function forgetErased(db: Db, ids: string[]): Promise<void> {
  await endLeases(db, ids)
  await forgetTraits(db, ids)
}
