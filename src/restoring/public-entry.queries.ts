import { sql } from 'kysely'
import type { Db } from '../database.ts'

/** The log's entries that concern signatures, in a temporary table for the time of a rebuild. */

/** A sign entry of the public log, or a withdrawal or void, which reverses one. */
export interface PublicEntry {
  index: number
  slug: string
  /** Of a signature; null for one that reverses another. */
  commitment: Uint8Array | null
  hour: string | null
  /** The index of the entry that is reversed. */
  target: number | null
  /** `withdraw` or the reason of a void. */
  why: string | null
}

export async function insertPublicEntries(trx: Db, entries: PublicEntry[]): Promise<void> {
  await sql`
    insert into public_entry
    select * from unnest(
      ${entries.map(({ index }) => index)}::bigint[],
      ${entries.map(({ slug }) => slug)}::text[],
      ${entries.map(({ commitment }) => commitment && Buffer.from(commitment))}::bytea[],
      ${entries.map(({ hour }) => hour)}::text[],
      ${entries.map(({ target }) => target)}::bigint[],
      ${entries.map(({ why }) => why)}::text[])`.execute(trx)
}

/** Indexes to find entries by commitment, and those that reverse them. */
export async function prepareMatching(trx: Db): Promise<void> {
  await sql`create index on public_entry (commitment) where commitment is not null`.execute(trx)
  await sql`create index on public_entry (target) where target is not null`.execute(trx)
  await sql`analyze public_entry`.execute(trx)
}

/** Petitions that the log knows and the database doesn't. */
export async function listUnknownSlugs(trx: Db): Promise<string[]> {
  const { rows } = await sql<{ slug: string }>`
    select distinct slug from public_entry
     where not exists (select from petition p where p.slug = public_entry.slug)
     order by slug`.execute(trx)
  return rows.map(({ slug }) => slug)
}

/** The entries' signatures: sealed ones by their commitments, lost ones by the indexes they had. */
const OWNED = sql`
  select r.signature_id, e.index, e.slug
    from public_entry e
    join petition p on p.slug = e.slug
    join sealed_record r on r.petition_id = p.id and r.commitment = e.commitment
  union all
  select l.signature_id, e.index, e.slug
    from lost_place l join public_entry e on e.index = l.index and e.commitment is not null`

/** Gives signatures their indexes again. @returns how many */
export async function indexSealed(trx: Db): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into log_place (signature_id, index)
    select signature_id, index from (${OWNED}) as e
     where not exists (select from public_entry t where t.target = e.index and t.why = 'withdraw')`.execute(
    trx,
  )
  return Number(numAffectedRows ?? 0n)
}

interface Reversed {
  signatureId: string
  petitionId: number
  why: string
}

/** Signatures that stand in the database and were withdrawn or voided in the log. */
export async function listReversed(trx: Db): Promise<Reversed[]> {
  const { rows } = await sql<{ signature_id: string; petition_id: number; why: string }>`
    select distinct on (e.signature_id) e.signature_id, s.petition_id, t.why
      from public_entry t
      join (${OWNED}) as e on e.index = t.target and e.slug = t.slug
      join signature s on s.id = e.signature_id
     where s.state = 'confirmed'
     order by e.signature_id, (t.why = 'withdraw') desc`.execute(trx)
  return rows.map((row) => ({
    signatureId: row.signature_id,
    petitionId: row.petition_id,
    why: row.why,
  }))
}

export interface FoundEntry {
  index: number
  hour: string
  /** Null when it stands. */
  why: string | null
}

export async function findByCommitment(
  trx: Db,
  slug: string,
  commitment: Uint8Array,
): Promise<FoundEntry | null> {
  const { rows } = await sql<{ index: string; hour: string; why: string | null }>`
    select e.index, e.hour,
           (select t.why from public_entry t where t.target = e.index and t.slug = e.slug
             order by (t.why = 'withdraw') desc limit 1) as why
      from public_entry e
     where e.slug = ${slug} and e.commitment = ${Buffer.from(commitment)}`.execute(trx)
  const row = rows[0]
  return row ? { ...row, index: Number(row.index) } : null
}
