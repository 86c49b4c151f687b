import { sql } from 'kysely'
import type { Db } from '../../database.ts'
import type { ModerationState } from '../signature.table.ts'
import type { Moderated, ShownText } from './shown.ts'

/** Statements of decisions on names and comments, and of reports. */

export interface Held extends ShownText {
  id: string
  petition_id: number
  slug: string
  state: ModerationState
  why: string | null
  was: ModerationState | null
  decided_at: Date | null
  reports: number
}

const COLUMNS = {
  public_name: sql`m.name, m.hidden, null::bytea as comment`,
  comment: sql`null::text as name, null::bytea as hidden, m.text as comment`,
}
const HAS_TEXT = {
  public_name: sql`(m.name is not null or m.hidden is not null)`,
  comment: sql`true`,
}

/** Locks those that still have a text: of signatures, or of a decision made since. */
export async function holdEntries(
  trx: Db,
  moderated: Moderated,
  wanted: { ids: string[] } | { decision: number; since: Date },
): Promise<Held[]> {
  const which =
    'ids' in wanted
      ? sql`m.signature_id = any (${wanted.ids}::uuid[])`
      : sql`m.decision = ${wanted.decision} and m.decided_at > ${wanted.since}`
  const { rows } = await sql<Held>`
    select m.signature_id as id, m.petition_id, p.slug, m.state, m.why, m.was, m.decided_at, m.reports,
           ${COLUMNS[moderated]}
      from ${sql.table(moderated)} m join petition p on p.id = m.petition_id
     where ${which} and ${HAS_TEXT[moderated]}
     order by m.signature_id for update of m`.execute(trx)
  return rows
}

export async function nextDecision(trx: Db): Promise<number> {
  const { rows } = await sql<{ number: number }>`
    select nextval('moderation_decision')::integer as number`.execute(trx)
  return rows[0]!.number
}

/** The two columns of a name, for its new state; of a comment they are not looked at. */
export interface NameColumns {
  id: string
  name: string | null
  hidden: Buffer | null
}

const given = (entries: NameColumns[]) => sql`
  unnest(${entries.map(({ id }) => id)}::uuid[],
         ${entries.map(({ name }) => name)}::text[],
         ${entries.map(({ hidden }) => hidden)}::bytea[]) as given (id, name, hidden)`

const moveName = (moderated: Moderated) =>
  moderated === 'public_name' ? sql`name = given.name, hidden = given.hidden,` : sql``

/** The caller holds the rows. What was before the decision is kept beside it. */
export async function writeDecision(
  trx: Db,
  moderated: Moderated,
  entries: NameColumns[],
  decided: { state: ModerationState; why: string | null; decision: number; now: Date },
): Promise<void> {
  const { state, why, decision, now } = decided
  await sql`
    update ${sql.table(moderated)} m
       set ${moveName(moderated)} was = m.state, was_why = m.why, was_decided_at = m.decided_at,
           state = ${state}::moderation_state, why = ${why}, decision = ${decision}, decided_at = ${now},
           reports = 0, reported = null
      from ${given(entries)} where m.signature_id = given.id`.execute(trx)
}

/** The caller holds the rows. */
export async function takeBack(
  trx: Db,
  moderated: Moderated,
  entries: NameColumns[],
): Promise<void> {
  await sql`
    update ${sql.table(moderated)} m
       set ${moveName(moderated)} state = m.was, why = m.was_why, decided_at = m.was_decided_at,
           decision = null, was = null, was_why = null, was_decided_at = null
      from ${given(entries)} where m.signature_id = given.id`.execute(trx)
}

/** Reports of a petition are looked at one after the other: together they must not hide more than they may. */
export async function lockReports(trx: Db, petitionId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`reports:${petitionId}`}, 0))`.execute(
    trx,
  )
}

export async function noteReport(
  trx: Db,
  moderated: Moderated,
  { id, reason, hide, now }: { id: string; reason: string; hide: boolean; now: Date },
): Promise<void> {
  const hidden = hide ? sql`state = 'waiting', why = 'report',` : sql``
  await sql`
    update ${sql.table(moderated)}
       set ${hidden} reports = reports + 1, reported = ${reason}, reported_at = ${now}
     where signature_id = ${id}`.execute(trx)
}

/** Of a petition's names that reports have hidden and nobody has looked at: those of late, and all. */
export async function countHiddenByReport(
  trx: Db,
  petitionId: number,
  since: Date,
): Promise<{ lately: number; all: number }> {
  const { rows } = await sql<{ lately: number; all: number }>`
    select count(*) filter (where reported_at > ${since})::integer as lately, count(*)::integer as all
      from (select state, why, reported_at from public_name where petition_id = ${petitionId} and reports > 0
            union all
            select state, why, reported_at from comment where petition_id = ${petitionId} and reports > 0) r
     where state = 'waiting' and why = 'report'`.execute(trx)
  return rows[0]!
}

/** How many names a petition shows, up to `most`. */
export async function countShownNames(trx: Db, petitionId: number, most: number): Promise<number> {
  const { rows } = await sql<{ names: number }>`
    select count(*)::integer as names from (
      select from public_name where petition_id = ${petitionId} and state = 'approved' limit ${most}) s`.execute(
    trx,
  )
  return rows[0]!.names
}
