import { sql } from 'kysely'
import type { Db } from '../../database.ts'
import type { Display } from '../signature.table.ts'

export interface NewSignature {
  petitionId: number
  textVersion: number
  consentVersion: number
  display: Display
  updates: boolean
  country: string
  language: string
  source: string | null
  ref: string | null
  tag: Buffer
  details: Buffer
  now: Date
  /** The address as typed, encrypted; the job needs it where nothing readable is kept any more. */
  to: string
}

/**
 * One statement for many, whatever is known of each address, so that all take the same time: rows and
 * the job that mails them are durable together, in one round trip.
 *
 * A pending signature takes the newest details, except that nobody but the owner of the mailbox may
 * make it more public: of two display choices the more private wins, and updates stay off unless
 * both asked for them. A confirmed one is left untouched.
 *
 * @param rows no two of one petition and tag: a statement can't change a row twice
 * @param task that is told `{ signatures: [{ id, to }] }`
 */
export async function upsertPending(db: Db, rows: NewSignature[], task: string): Promise<void> {
  const column = <T>(pick: (row: NewSignature) => T) => rows.map(pick)
  await sql`
    with sent as (
      select * from unnest(
        ${column((row) => row.petitionId)}::integer[], ${column((row) => row.textVersion)}::integer[],
        ${column((row) => row.consentVersion)}::smallint[],
        ${column((row) => row.display)}::signature_display[],
        ${column((row) => row.updates)}::boolean[], ${column((row) => row.country)}::text[],
        ${column((row) => row.language)}::text[], ${column((row) => row.source)}::text[],
        ${column((row) => row.ref)}::text[], ${column((row) => row.tag)}::bytea[],
        ${column((row) => row.details)}::bytea[], ${column((row) => row.now)}::timestamptz[],
        ${column((row) => row.to)}::text[])
      as sent (petition_id, text_version, consent_version, display, updates, country, language,
               source, ref, tag, details, created_at, typed)
    ),
    kept as (
      insert into signature as s
        (petition_id, text_version, consent_version, display, updates, country, language, source,
         ref, tag, details, created_at)
      select petition_id, text_version, consent_version, display, updates, country, language, source,
             ref, tag, details, created_at
        from sent
      on conflict (petition_id, tag) do update set
        details = case when s.state = 'pending' then excluded.details else s.details end,
        display = case when s.state = 'pending' then least(s.display, excluded.display) else s.display end,
        updates = case when s.state = 'pending' then s.updates and excluded.updates else s.updates end,
        undeliverable = s.state <> 'pending' and s.undeliverable,
        -- Credit only where all submissions agree: else a code would tell its owner who has signed.
        ref = case when s.state = 'pending' and s.ref is distinct from excluded.ref
          then null else s.ref end,
        source = case when s.state = 'pending' and s.source is distinct from excluded.source
          then null else s.source end,
        country = case when s.state = 'pending' then excluded.country else s.country end,
        language = case when s.state = 'pending' then excluded.language else s.language end,
        text_version =
          case when s.state = 'pending' then excluded.text_version else s.text_version end,
        consent_version =
          case when s.state = 'pending' then excluded.consent_version else s.consent_version end
      returning s.id, s.petition_id, s.tag, s.state
    )
    select graphile_worker.add_job(
      ${task},
      payload => (
        select json_build_object('signatures', json_agg(json_build_object(
                 'id', kept.id::text,
                 'to', case when kept.state <> 'pending' then sent.typed end)))
          from kept join sent using (petition_id, tag)),
      max_attempts => 25)`.execute(db)
}
