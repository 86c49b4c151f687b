import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's row types
type AnyDatabase = Kysely<any>

/** Tables that name a signature by its id. */
const NAMING = [
  'public_name',
  'comment',
  'sealed_record',
  'sealing_queue',
  'log_queue',
  'log_place',
]

/**
 * What a form brings becomes a row of its own, and a signature exists from its confirmation on. Ids are
 * random, so that a restored database never gives one out again; the numbers of before stay what they are,
 * since sealed records and the public log's commitments hold them: `1234` is the uuid whose last bytes are
 * 1234. Links that were mailed before open nothing any more.
 *
 * Rewrites the whole table: no node of the release before may run meanwhile.
 */
export async function up(db: AnyDatabase): Promise<void> {
  await sql`
    create function undersigned_uuid(number bigint) returns uuid language sql immutable strict as
      $$ select lpad(to_hex(number), 32, '0')::uuid $$`.execute(db)
  // What the sealed record and its commitment call the signature.
  await sql`
    create function record_id(id uuid) returns text language sql immutable strict parallel safe as
      $$ select case when id < '00000000-0000-0001-0000-000000000000'
           then ('x' || right(replace(id::text, '-', ''), 16))::bit(64)::bigint::text
           else id::text end $$`.execute(db)

  await sql`
    create table submission (
      id uuid primary key,
      created_at timestamptz not null,
      -- When a mail server took the mail with the link.
      mailed_at timestamptz,
      petition_id integer not null references petition,
      text_version integer not null,
      consent_version smallint not null,
      display signature_display not null,
      updates boolean not null,
      reminded boolean not null default false,
      -- The mail server said for good that the address takes no mail.
      undeliverable boolean not null default false,
      -- A signature was made of it; until that is sealed, the details stay here.
      confirmed boolean not null default false,
      country text not null,
      language text not null,
      source text,
      ref text,
      -- Keyed hash of the address, spelt exactly so.
      address bytea not null,
      -- AES-256-GCM under the server key. Goes with the row: once sealed, rejected, or after 14 days.
      details bytea not null
      -- A row lives for minutes and is marked twice, those of a form's batch in one statement: with room for
      -- the marked rows in their pages, marking touches no index.
    ) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000)`.execute(
    db,
  )
  // Of a pending row the address's own hash isn't known here; the mailbox's does for what it is asked.
  await sql`
    insert into submission
      select undersigned_uuid(id), created_at, mailed_at, petition_id, text_version, consent_version,
             display, updates, reminded, undeliverable, state <> 'pending', country, language, source, ref,
             tag, details
        from signature where details is not null`.execute(db)
  await sql`create index submission_age on submission (created_at)`.execute(db)
  await sql`create index submission_address on submission (petition_id, address)`.execute(db)

  for (const table of ['public_name', 'comment', 'sealed_record']) {
    await sql`
      alter table ${sql.table(table)} drop constraint ${sql.id(`${table}_signature_id_fkey`)}`.execute(
      db,
    )
  }
  await sql`alter type signature_state rename to signature_state_before`.execute(db)
  await sql`create type signature_state as enum ('confirmed', 'withdrawn', 'voided')`.execute(db)
  await sql`alter table signature rename to signature_before`.execute(db)
  await sql`
    create table signature (
      -- The id of the submission that it was made from.
      id uuid not null,
      confirmed_at timestamptz not null,
      withdrawn_at timestamptz,
      petition_id integer not null,
      text_version integer not null,
      state signature_state not null default 'confirmed',
      -- Null once withdrawn, as all that follows.
      country text,
      language text,
      source text,
      ref text,
      -- Keyed hash of the mailbox; what makes it one signature a mailbox.
      tag bytea,
      -- Keyed hash of the address that confirmed, spelt exactly so; null too where it was never known.
      address bytea
    )`.execute(db)
  await sql`
    insert into signature
      select undersigned_uuid(id), confirmed_at, withdrawn_at, petition_id, text_version,
             state::text::signature_state, country, language, source, ref, tag, null
        from signature_before where state <> 'pending'`.execute(db)
  await sql`drop table signature_before`.execute(db)
  await sql`drop type signature_state_before`.execute(db)
  await sql`alter table signature add primary key (id)`.execute(db)
  await sql`create unique index signature_tag on signature (petition_id, tag)`.execute(db)
  // Copies the petition of its submission, which has the key to it: checking it once more would lock the
  // petition's row for each confirmation.
  await sql`
    alter table signature
      add constraint signature_withdrawn check (withdrawn_at is null or tag is null)`.execute(db)
  await sql`
    alter table signature set (
      autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02,
      autovacuum_analyze_scale_factor = 0.02)`.execute(db)

  for (const table of NAMING) {
    await sql`
      alter table ${sql.table(table)} alter column signature_id type uuid
        using undersigned_uuid(signature_id)`.execute(db)
  }
  await sql`
    alter table public_name add foreign key (signature_id) references signature on delete cascade`.execute(
    db,
  )
  await sql`
    alter table comment add foreign key (signature_id) references signature on delete cascade`.execute(
    db,
  )
  await sql`alter table sealed_record add foreign key (signature_id) references signature`.execute(
    db,
  )
  await sql`alter table subscriber alter column id drop identity`.execute(db)
  await sql`alter table subscriber alter column id type uuid using undersigned_uuid(id)`.execute(db)
  await sql`drop function undersigned_uuid(bigint)`.execute(db)

  // How many mails went to an address of late, by keyed hashes: past what the mails were about.
  await sql`
    create table mail_count (
      -- Keyed hash of the mailbox and a petition, or of the mailbox alone for all of the site.
      recipient bytea primary key,
      -- When each was sent, the newest last; as many as the caps look at.
      sent timestamptz[] not null,
      last_sent timestamptz not null
    )`.execute(db)
  await sql`create index mail_count_age on mail_count (last_sent)`.execute(db)
}

/** Signatures of the time since have ids that no number can stand for: they would be lost. */
export async function down(db: AnyDatabase): Promise<void> {
  const { rows } = await sql`
    select from submission where id >= '00000000-0000-0001-0000-000000000000'
    union all select from signature where id >= '00000000-0000-0001-0000-000000000000'
    union all select from subscriber where id >= '00000000-0000-0001-0000-000000000000'
    limit 1`.execute(db)
  if (rows.length > 0) {
    throw new Error(
      'there are signatures of the newer release, which the older one cannot hold: restore the backup from before the update instead',
    )
  }
  await sql`drop table mail_count`.execute(db)
  await sql`
    create function undersigned_number(id uuid) returns bigint language sql immutable strict as
      $$ select record_id(id)::bigint $$`.execute(db)
  await sql`
    alter table subscriber alter column id type bigint using undersigned_number(id)`.execute(db)
  await sql`alter table subscriber alter column id add generated always as identity`.execute(db)
  for (const table of ['public_name', 'comment', 'sealed_record']) {
    await sql`
      alter table ${sql.table(table)} drop constraint ${sql.id(`${table}_signature_id_fkey`)}`.execute(
      db,
    )
  }
  for (const table of NAMING) {
    await sql`
      alter table ${sql.table(table)} alter column signature_id type bigint
        using undersigned_number(signature_id)`.execute(db)
  }
  await sql`alter type signature_state rename to signature_state_after`.execute(db)
  await sql`create type signature_state as enum ('pending', 'confirmed', 'withdrawn', 'voided')`.execute(
    db,
  )
  await sql`alter table signature rename to signature_after`.execute(db)
  await sql`drop index signature_tag`.execute(db)
  await sql`
    create table signature (
      id bigint generated always as identity,
      created_at timestamptz not null,
      confirmed_at timestamptz,
      withdrawn_at timestamptz,
      mailed_at timestamptz,
      withdrawal_mailed_at timestamptz,
      petition_id integer not null references petition,
      text_version integer not null,
      state signature_state not null default 'pending',
      display signature_display not null,
      updates boolean not null,
      reminded boolean not null default false,
      undeliverable boolean not null default false,
      mails smallint not null default 0,
      consent_version smallint not null,
      country text,
      language text,
      source text,
      ref text,
      tag bytea,
      details bytea
    )`.execute(db)
  await sql`
    insert into signature (id, created_at, confirmed_at, withdrawn_at, mailed_at, petition_id, text_version,
                           state, display, updates, reminded, undeliverable, consent_version, country,
                           language, source, ref, tag, details)
      overriding system value
      select undersigned_number(coalesce(s.id, b.id)), coalesce(b.created_at, s.confirmed_at), s.confirmed_at,
             s.withdrawn_at, b.mailed_at, coalesce(s.petition_id, b.petition_id),
             coalesce(s.text_version, b.text_version),
             coalesce(s.state::text, 'pending')::signature_state, coalesce(b.display, 'hidden'),
             coalesce(b.updates, false), coalesce(b.reminded, false), coalesce(b.undeliverable, false),
             coalesce(b.consent_version, 1), coalesce(s.country, b.country),
             coalesce(s.language, b.language), coalesce(s.source, b.source), coalesce(s.ref, b.ref),
             coalesce(s.tag, b.address), b.details
        from signature_after s full join submission b using (id)`.execute(db)
  await sql`drop table signature_after, submission`.execute(db)
  await sql`drop type signature_state_after`.execute(db)
  await sql`drop function undersigned_number(uuid)`.execute(db)
  await sql`drop function record_id(uuid)`.execute(db)
  await sql`alter table signature add primary key (id)`.execute(db)
  await sql`create unique index signature_tag on signature (petition_id, tag)`.execute(db)
  await sql`create index signature_pending on signature (created_at) where state = 'pending'`.execute(
    db,
  )
  await sql`
    alter table signature set (
      autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02,
      autovacuum_analyze_scale_factor = 0.02)`.execute(db)
  for (const table of ['public_name', 'comment']) {
    await sql`
      alter table ${sql.table(table)} add foreign key (signature_id) references signature
        on delete cascade`.execute(db)
  }
  await sql`alter table sealed_record add foreign key (signature_id) references signature`.execute(
    db,
  )
}
