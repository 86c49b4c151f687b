import { sql } from 'kysely'
import type { Db } from '../database.ts'
import type { SignatureToLog } from '../log/enqueue-entry.ts'
import { LOST_VERSION } from '../signature/signature.ts'
import { insertLostSignatures } from '../signature/store/signatures.ts'

/**
 * Forgets the log as the database has it, its queue aside. Rows that an earlier rebuild made of lost entries
 * have no record to be found by: their indexes are remembered, which no copy of the same log changes.
 */
export async function forgetLog(trx: Db): Promise<void> {
  await sql`
    create temporary table lost_place on commit drop as
      select l.signature_id, l.index from log_place l join signature s on s.id = l.signature_id
       where s.text_version = ${sql.lit(LOST_VERSION)}`.execute(trx)
  await sql`truncate log_bundle, log_tile, log_place, log_count`.execute(trx)
  await sql`
    create temporary table public_entry (
      index bigint primary key, slug text not null, commitment bytea, hour text, target bigint, why text
    ) on commit drop`.execute(trx)
}

/** A submission that is not sealed yet: its commitment can still be computed. */
export interface UnsealedSubmission {
  id: string
  petitionId: number
  slug: string
  /** Whether a signature was made of it. */
  confirmed: boolean
  textVersion: number
  address: Buffer
  details: Buffer
}

/** After an id, in the order of ids. */
export async function listUnsealed(
  trx: Db,
  { after, limit }: { after: string; limit: number },
): Promise<UnsealedSubmission[]> {
  const { rows } = await sql<UnsealedSubmission>`
    select b.id, b.petition_id as "petitionId", p.slug, b.confirmed, b.text_version as "textVersion",
           b.address, b.details
      from submission b join petition p on p.id = b.petition_id
     where b.id > ${after}::uuid
     order by b.id
     limit ${limit}`.execute(trx)
  return rows
}

export async function insertIndex(trx: Db, signatureId: string, index: number): Promise<void> {
  await trx
    .insertInto('log_place')
    .values({ signature_id: signatureId, index: String(index) })
    .execute()
}

/**
 * Adds a row for each entry that stands and has no signature here: it was confirmed once, and nothing more
 * is known. `ZZ` and `und` are the standards' own words for an unknown country and language.
 *
 * @returns petition, time and entry of each
 */
export async function insertLost(trx: Db): Promise<LostSignature[]> {
  const { rows } = await sql<LostSignature>`
    with lost as materialized (
      select gen_random_uuid() as id, e.index, p.id as petition_id,
             replace(e.hour, 'Z', ':00Z')::timestamptz as confirmed_at
        from public_entry e join petition p on p.slug = e.slug
       where e.commitment is not null
         and not exists (select from log_place l where l.index = e.index)
         and not exists (select from public_entry t where t.target = e.index and t.slug = e.slug)
    ),
    added as (${insertLostSignatures('lost')}),
    placed as (insert into log_place (signature_id, index) select id, index from lost)
    select id, petition_id as "petitionId", confirmed_at as "confirmedAt", index::float8 as index
      from lost`.execute(trx)
  return rows
}

export interface LostSignature {
  id: string
  petitionId: number
  confirmedAt: Date
  index: number
}

/**
 * Deletes queued entries that the log has already: signatures with an index, withdrawals and voids of
 * entries that are reversed, and notices that are in the log word for word.
 *
 * @param notices the other entries that the log got since. As many are dropped as it has: two batches of signatures that
 *   were turned away may be told in the same words
 */
export async function dropLogged(trx: Db, notices: Uint8Array[]): Promise<void> {
  await sql`
    delete from log_queue q
     where exists (select from log_place l where l.signature_id = q.signature_id)
        or q.id in (
             select w.id
               from (select id, entry, row_number() over (partition by entry order by id) as nth
                       from log_queue where change = 0) as w
               join (select entry, count(*) as times
                       from unnest(${notices.map((entry) => Buffer.from(entry))}::bytea[]) as entry
                      group by 1) as l on l.entry = w.entry
              where w.nth <= l.times)
        or (q.change = -1 and exists (
             select from public_entry t
              where t.target = split_part(convert_from(q.entry, 'UTF8'), ' ', 3)::bigint
                and t.slug = split_part(convert_from(q.entry, 'UTF8'), ' ', 2)))`.execute(trx)
}

/** Sealed signatures that stand and are neither in the log nor queued for it, nor in quarantine. */
export async function listUnlogged(trx: Db): Promise<SignatureToLog[]> {
  const { rows } = await sql<{
    id: string
    petition_id: number
    slug: string
    confirmed_at: Date
    country: string
    language: string
    ref: string | null
    commitment: Buffer
  }>`
    select s.id, s.petition_id, p.slug, s.confirmed_at, s.country, s.language, s.ref, r.commitment
      from sealed_record r
      join signature s on s.id = r.signature_id
      join petition p on p.id = s.petition_id
     where s.state = 'confirmed'
       and not exists (select from log_place l where l.signature_id = s.id)
       and not exists (select from log_queue q where q.signature_id = s.id)
       and not exists (select from quarantined q where q.signature_id = s.id)`.execute(trx)
  return rows.map(
    ({ id, petition_id, slug, confirmed_at, country, language, ref, commitment }) => ({
      id,
      petitionId: petition_id,
      slug,
      counted: { confirmedAt: confirmed_at, country, language, ref },
      commitment,
    }),
  )
}

/** @param counts by slug */
export async function setCounts(trx: Db, counts: Map<string, number>): Promise<void> {
  await sql`
    insert into log_count (petition_id, sequenced, published)
    select p.id, c.signatures, c.signatures
      from unnest(${[...counts.keys()]}::text[], ${[...counts.values()]}::bigint[]) as c (slug, signatures)
      join petition p on p.slug = c.slug`.execute(trx)
}

export async function setRebuilt(
  trx: Db,
  { size, root, note, now }: { size: number; root: Uint8Array; note: Uint8Array; now: Date },
): Promise<void> {
  const bytes = Buffer.from(note)
  await trx
    .updateTable('log_state')
    .set({
      sequenced: String(size),
      integrated: String(size),
      root: Buffer.from(root),
      signed: String(size),
      signed_note: bytes,
      published: String(size),
      published_note: bytes,
      published_at: now,
      taken_at: now,
    })
    .execute()
}

/**
 * After a rebuild of the log: counts the signatures that stand in it. The published figures stay what they
 * were: drawing their boundaries anew would let observers measure the same signatures once more.
 */
export async function recountLogged(trx: Db): Promise<void> {
  await sql`update log_tally set signatures = 0`.execute(trx)
  await sql`
    insert into log_tally (petition_id, dimension, key, signatures)
    with standing as (
      select s.petition_id, s.country, s.language, s.ref,
             to_char(s.confirmed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24"Z"') as hour
        from signature s join log_place l on l.signature_id = s.id
       where s.state = 'confirmed'
    ),
    entries as (
      select p.id as petition_id,
             case when commitment is not null then 'confirmed' when why = 'withdraw' then 'withdrawn'
               else 'voided' end as key
        from public_entry e join petition p on p.slug = e.slug
    )
    select petition_id, 'hour', hour, count(*) from standing group by 1, 3
    union all select petition_id, 'country', country, count(*) from standing group by 1, 3
    union all select petition_id, 'language', language, count(*) from standing group by 1, 3
    union all select petition_id, 'ref', ref, count(*) from standing where ref is not null group by 1, 3
    union all select petition_id, 'total', key, count(*) from entries group by 1, 3
    on conflict (petition_id, dimension, key) do update set signatures = excluded.signatures`.execute(
    trx,
  )
}
