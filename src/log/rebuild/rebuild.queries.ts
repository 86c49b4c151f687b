import { sql } from 'kysely'
import type { Db } from '../../database.ts'

/** Forgets the log as the database has it, its queue aside. */
export async function forgetLog(trx: Db): Promise<void> {
  await sql`truncate log_bundle, log_tile, log_place, log_count`.execute(trx)
  await sql`
    create temporary table public_entry (
      index bigint primary key, slug text not null, commitment bytea, hour text, target bigint, why text
    ) on commit drop`.execute(trx)
}

export interface UnsealedSignature {
  id: string
  petitionId: number
  slug: string
  state: 'pending' | 'confirmed'
  textVersion: number
  details: Buffer
}

/** Signatures whose commitment can still be computed, after an id. */
export async function listUnsealed(
  trx: Db,
  { after, limit }: { after: string; limit: number },
): Promise<UnsealedSignature[]> {
  const { rows } = await sql<{
    id: string
    petition_id: number
    slug: string
    state: 'pending' | 'confirmed'
    text_version: number
    details: Buffer
  }>`
    select s.id, s.petition_id, p.slug, s.state, s.text_version, s.details
      from signature s join petition p on p.id = s.petition_id
     where s.id > ${after} and s.state in ('pending', 'confirmed') and s.details is not null
     order by s.id
     limit ${limit}`.execute(trx)
  return rows.map(({ petition_id, text_version, ...row }) => ({
    ...row,
    petitionId: petition_id,
    textVersion: text_version,
  }))
}

export async function insertPlace(trx: Db, signatureId: string, index: number): Promise<void> {
  await trx
    .insertInto('log_place')
    .values({ signature_id: signatureId, index: String(index) })
    .execute()
}

/** New signatures must not get ids that mails of a lost one name. */
export async function leapIds(trx: Db, by: number): Promise<void> {
  await sql`
    select setval(pg_get_serial_sequence('signature', 'id'),
             greatest((select coalesce(max(id), 0) from signature),
                      (select last_value from pg_sequences
                        where schemaname = current_schema() and sequencename = 'signature_id_seq')) + ${by})`.execute(
    trx,
  )
}

/**
 * Adds a row for each entry that stands and is nobody's here: confirmed once, and nothing more is
 * known. `ZZ` and `und` are the standards' own words for an unknown country and language.
 *
 * @returns petition and time of each
 */
export async function insertLost(
  trx: Db,
): Promise<{ id: string; petitionId: number; confirmedAt: Date }[]> {
  const { rows } = await sql<{ id: string; petition_id: number; confirmed_at: Date }>`
    with lost as (
      select e.index, p.id as petition_id, replace(e.hour, 'Z', ':00Z')::timestamptz as confirmed_at
        from public_entry e join petition p on p.slug = e.slug
       where e.commitment is not null
         and not exists (select from log_place l where l.index = e.index)
         and not exists (select from public_entry t where t.target = e.index and t.slug = e.slug)
    ),
    numbered as (
      select lost.*, nextval(pg_get_serial_sequence('signature', 'id')) as id from lost
    ),
    added as (
      insert into signature (id, created_at, confirmed_at, petition_id, text_version, state, display,
                             updates, consent_version, country, language)
      overriding system value
      select id, confirmed_at, confirmed_at, petition_id, 0, 'confirmed', 'hidden', false, 0, 'ZZ', 'und'
        from numbered
    )
    insert into log_place (signature_id, index)
    select id, index from numbered
    returning signature_id as id,
      (select petition_id from numbered n where n.id = signature_id) as petition_id,
      (select confirmed_at from numbered n where n.id = signature_id) as confirmed_at`.execute(trx)
  return rows.map((row) => ({
    id: row.id,
    petitionId: row.petition_id,
    confirmedAt: row.confirmed_at,
  }))
}

/**
 * Takes from the queue what the log has already: signatures with a place, withdrawals and voids of
 * entries that are taken out, and notices that stand word for word in the log.
 *
 * @param notices entries of texts and recipients, as the log has them
 */
export async function dropDone(trx: Db, notices: Uint8Array[]): Promise<void> {
  await sql`
    delete from log_queue q
     where exists (select from log_place l where l.signature_id = q.signature_id)
        or (q.change = 0 and q.entry = any (${notices.map((entry) => Buffer.from(entry))}::bytea[]))
        or (q.change = -1 and exists (
             select from public_entry t
              where t.target = split_part(convert_from(q.entry, 'UTF8'), ' ', 3)::bigint
                and t.slug = split_part(convert_from(q.entry, 'UTF8'), ' ', 2)))`.execute(trx)
}

/** Sealed signatures that stand, with neither a place nor a wait for one. */
export async function listUnplaced(
  trx: Db,
): Promise<
  { id: string; petitionId: number; slug: string; confirmedAt: Date; commitment: Buffer }[]
> {
  const { rows } = await sql<{
    id: string
    petition_id: number
    slug: string
    confirmed_at: Date
    commitment: Buffer
  }>`
    select s.id, s.petition_id, p.slug, s.confirmed_at, r.commitment
      from sealed_record r
      join signature s on s.id = r.signature_id
      join petition p on p.id = s.petition_id
     where s.state = 'confirmed'
       and not exists (select from log_place l where l.signature_id = s.id)
       and not exists (select from log_queue q where q.signature_id = s.id)`.execute(trx)
  return rows.map(({ petition_id, confirmed_at, ...row }) => ({
    ...row,
    petitionId: petition_id,
    confirmedAt: confirmed_at,
  }))
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
