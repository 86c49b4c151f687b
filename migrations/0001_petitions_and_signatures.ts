import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's row types
type AnyDatabase = Kysely<any>

export async function up(db: AnyDatabase): Promise<void> {
  await sql`
    create table petition (
      id integer generated always as identity primary key,
      slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
      -- Everything of petition.yaml that no query filters by: languages, accent, goals, sources.
      settings jsonb not null,
      opens_at timestamptz not null,
      closes_at timestamptz,
      -- Set by hand with "petition close", whatever closes_at says.
      closed_at timestamptz,
      -- The petition's own HMAC key for e-mail tags, wrapped by the server's key.
      tag_key bytea,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`.execute(db)

  await sql`
    create table petition_text (
      petition_id integer not null references petition on delete cascade,
      language text not null,
      version integer not null check (version > 0),
      -- SHA-256 of the canonical content: an unchanged text makes no new version.
      hash bytea not null,
      content jsonb not null,
      published_at timestamptz not null,
      primary key (petition_id, language, version)
    )`.execute(db)

  await sql`create type signature_state as enum ('pending', 'confirmed', 'withdrawn', 'voided')`.execute(
    db,
  )
  // Ordered from private to public: least() keeps the more private of two choices.
  await sql`create type signature_display as enum ('hidden', 'initials', 'name')`.execute(db)

  // Narrow on purpose: millions of rows. Names and comments that are public live in their own tables.
  await sql`
    create table signature (
      id bigint generated always as identity primary key,
      created_at timestamptz not null,
      confirmed_at timestamptz,
      withdrawn_at timestamptz,
      -- When a mail was last accepted by the mail server; "mails" says how many confirmation mails were.
      mailed_at timestamptz,
      withdrawal_mailed_at timestamptz,
      petition_id integer not null references petition,
      text_version integer not null,
      state signature_state not null default 'pending',
      display signature_display not null,
      updates boolean not null,
      reminded boolean not null default false,
      -- The mail server said for good that the address takes no mail.
      undeliverable boolean not null default false,
      mails smallint not null default 0,
      consent_version smallint not null,
      country text,
      language text,
      source text,
      ref text,
      -- Keyed hash of the normalised e-mail; null once withdrawn.
      tag bytea,
      -- AES-256-GCM under the server key; null once withdrawn (and, later, once sealed).
      details bytea
    )`.execute(db)
  await sql`create unique index signature_tag on signature (petition_id, tag)`.execute(db)
  await sql`create index signature_pending on signature (created_at) where state = 'pending'`.execute(
    db,
  )

  await sql`
    create table public_name (
      signature_id bigint primary key references signature on delete cascade,
      petition_id integer not null references petition,
      name text not null,
      country text not null,
      confirmed_at timestamptz not null
    )`.execute(db)
  await sql`create index public_name_recent on public_name (petition_id, confirmed_at desc)`.execute(
    db,
  )

  await sql`create type comment_state as enum ('waiting', 'approved', 'refused')`.execute(db)
  await sql`
    create table comment (
      signature_id bigint primary key references signature on delete cascade,
      petition_id integer not null references petition,
      state comment_state not null default 'waiting',
      text text not null,
      country text not null,
      confirmed_at timestamptz not null,
      decided_at timestamptz
    )`.execute(db)
  await sql`create index comment_recent on comment (petition_id, state, confirmed_at desc)`.execute(
    db,
  )
}

export async function down(db: AnyDatabase): Promise<void> {
  await sql`drop table comment, public_name, signature, petition_text, petition`.execute(db)
  await sql`drop type comment_state, signature_display, signature_state`.execute(db)
}
