import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's row types
type AnyDatabase = Kysely<any>

/**
 * What tells a farm of signers from a crowd, and signatures that don't count until somebody has looked at them. What is
 * noted of single forms is unlogged: it is in no backup, no replica and no WAL, and a crash of PostgreSQL empties it.
 */
export async function up(db: AnyDatabase): Promise<void> {
  await sql`
    create unlogged table trait (
      -- The submission's, and the signature's that is made of it.
      id uuid primary key,
      petition_id integer not null,
      received_at timestamptz not null,
      country text not null,
      language text not null,
      -- Of the address: a large provider's domain, or null.
      provider text,
      -- Whether a form with the same address came shortly before.
      again boolean not null,
      -- Script, words and case of the name: src/defence/traits.ts.
      name text not null,
      -- Browser, system and language: src/defence/traits.ts.
      client text not null
    )`.execute(db)
  await sql`create index trait_age on trait (received_at)`.execute(db)
  await sql`
    create unlogged table shared_trait (
      id uuid not null,
      kind text not null,
      -- Keyed hash of a network or a domain that three forms or more of one day have in common.
      value bytea not null,
      primary key (kind, value, id)
    )`.execute(db)
  await sql`create index shared_trait_form on shared_trait (id)`.execute(db)
  await sql`
    create table trait_hour (
      petition_id integer not null references petition,
      -- Its beginning.
      hour timestamptz not null,
      trait text not null,
      value text not null,
      forms integer not null,
      primary key (petition_id, hour, trait, value)
    )`.execute(db)
  await sql`
    create table form_count (
      petition_id integer not null,
      -- Each process adds to one of them, so that they don't wait for each other.
      part smallint not null,
      forms bigint not null,
      primary key (petition_id, part)
    ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)`.execute(db)
  await sql`
    create table public_scrutiny (
      petition_id integer primary key references petition,
      -- Up to the last full hour, in steps: what everybody may see.
      received bigint not null,
      quarantined bigint not null,
      turned_away bigint not null
    )`.execute(db)
  await sql`
    create table alert (
      id integer generated always as identity primary key,
      petition_id integer not null references petition,
      trait text not null,
      value text not null,
      opened_at timestamptz not null,
      seen_at timestamptz not null,
      closed_at timestamptz,
      -- The figures of src/scrutiny/find-anomalies.ts.
      figures jsonb not null
    )`.execute(db)
  await sql`create unique index alert_open on alert (petition_id, trait, value) where closed_at is null`.execute(
    db,
  )
  await sql`
    create table quarantine (
      id integer generated always as identity primary key,
      petition_id integer not null references petition,
      -- One of the reasons that the public log knows.
      reason text not null,
      -- See src/scrutiny/rule.ts.
      rule jsonb not null,
      made_at timestamptz not null,
      -- False: it takes no more signatures.
      is_standing boolean not null,
      -- When its signatures are voided, unless somebody releases them before.
      void_at timestamptz,
      -- Voided signatures that the log never counted.
      turned_away integer not null default 0,
      ended_at timestamptz
    )`.execute(db)
  await sql`
    create table quarantined (
      -- Of a confirmed signature, which doesn't count meanwhile.
      signature_id uuid primary key,
      petition_id integer not null references petition,
      quarantine_id integer not null references quarantine
    )`.execute(db)
  await sql`create index quarantined_by on quarantined (quarantine_id, signature_id)`.execute(db)
  await sql`alter type tally_event add value 'quarantined'`.execute(db)
  await sql`alter type tally_event add value 'released'`.execute(db)
}

/** What was in quarantine counts again: the release before knows nothing of it. */
export async function down(db: AnyDatabase): Promise<void> {
  await sql`
    with changed (petition_id, confirmed_at, country, language, source, ref, change) as (
      select s.petition_id, s.confirmed_at, s.country, s.language, coalesce(s.source, 'direct'), s.ref, 1
        from quarantined q join signature s on s.id = q.signature_id
      -- Events that are still to be counted have changed nothing yet, and go below.
      union all
      select petition_id, confirmed_at, country, language, source, ref,
             case event when 'quarantined' then -1 else 1 end
        from tally_queue where event::text in ('quarantined', 'released')
    ),
    cells as (
      select petition_id, 'hour' as dimension,
             to_char(confirmed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24"Z"') as key, change from changed
      union all select petition_id, 'country', country, change from changed
      union all select petition_id, 'language', language, change from changed
      union all select petition_id, 'source', source, change from changed
      union all select petition_id, 'ref', ref, change from changed where ref is not null
    )
    insert into tally as t (petition_id, dimension, key, signatures)
      select petition_id, dimension, key, sum(change) from cells group by 1, 2, 3
    on conflict (petition_id, dimension, key)
      do update set signatures = t.signatures + excluded.signatures`.execute(db)
  await sql`delete from tally where dimension = 'total' and key = 'quarantined'`.execute(db)
  await sql`delete from tally_queue where event::text in ('quarantined', 'released')`.execute(db)
  await sql`
    insert into log_queue (petition_id, signature_id, change, entry, confirmed_at, country, language, ref)
      select s.petition_id, s.id, 1,
             convert_to('sign/v1 ' || p.slug || ' '
               || to_char(s.confirmed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24"Z"') || ' '
               || encode(r.commitment, 'base64'), 'UTF8'),
             s.confirmed_at, s.country, s.language, s.ref
        from quarantined q
        join signature s on s.id = q.signature_id
        join petition p on p.id = s.petition_id
        join sealed_record r on r.petition_id = s.petition_id and r.signature_id = s.id
       where not exists (select from log_place l where l.signature_id = s.id)`.execute(db)
  await sql`
    drop table quarantined, quarantine, alert, public_scrutiny, form_count, trait_hour, shared_trait, trait`.execute(
    db,
  )
  await sql`alter type tally_event rename to tally_event_before`.execute(db)
  await sql`create type tally_event as enum ('confirmed', 'withdrawn', 'voided')`.execute(db)
  await sql`
    alter table tally_queue alter column event type tally_event using event::text::tally_event`.execute(
    db,
  )
  await sql`drop type tally_event_before`.execute(db)
}
