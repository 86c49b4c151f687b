import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's row types
type AnyDatabase = Kysely<any>

export async function up(db: AnyDatabase): Promise<void> {
  // How far each step of the log's writing has come; one row, made when the log begins.
  await sql`
    create table log_state (
      single boolean primary key default true check (single),
      origin text not null,
      vkey text not null,
      -- Entries that have their place: they lie in log_bundle.
      sequenced bigint not null default 0,
      -- Of these, the ones that the tiles cover, and the root over them.
      integrated bigint not null default 0,
      root bytea not null,
      -- The checkpoint that was last signed; null before the first.
      signed bigint,
      signed_note bytea,
      -- The one that everybody sees, with its witnesses' cosignatures.
      published bigint,
      published_note bytea,
      published_at timestamptz,
      -- When the last batch was taken off the queue, empty or not.
      taken_at timestamptz,
      check (integrated <= sequenced and signed <= integrated and published <= signed)
    )`.execute(db)

  // What happened and has no place in the log yet. Written in the transaction that made it happen.
  await sql`
    create table log_queue (
      id bigint generated always as identity primary key,
      petition_id integer not null references petition,
      -- Set for a new signature, which waits at most once; null for everything else.
      signature_id bigint unique,
      -- What the entry adds to its petition's count: 1, -1 or 0.
      change smallint not null,
      entry bytea not null
    )`.execute(db)

  // 256 entries one behind the other, each after its length; fewer in the last.
  await sql`create table log_bundle (n bigint primary key, entries bytea not null)`.execute(db)
  await sql`
    create table log_tile (
      level smallint not null,
      n bigint not null,
      -- 32 bytes a hash, 256 hashes; fewer at the right edge.
      hashes bytea not null,
      primary key (level, n)
    )`.execute(db)
  // Hashes don't compress, and a bundle is cut and appended to.
  await sql`alter table log_bundle alter column entries set storage external`.execute(db)
  await sql`alter table log_tile alter column hashes set storage external`.execute(db)

  // Which entry is whose: gone when the signer leaves.
  await sql`
    create table log_place (
      signature_id bigint primary key,
      index bigint not null unique
    )`.execute(db)

  // What the log's entries add up to, and what they did at the published checkpoint.
  await sql`
    create table log_count (
      petition_id integer primary key references petition,
      sequenced bigint not null default 0,
      published bigint not null default 0
    )`.execute(db)

  await enqueueWhatIsThere(db)
}

/** Published, signed and sealed before there was a log. */
async function enqueueWhatIsThere(db: AnyDatabase): Promise<void> {
  await sql`
    insert into log_queue (petition_id, change, entry)
      select p.id, 0, convert_to('recipients/v1 ' || p.slug || ' ' || encode(sha256(convert_to(
               (select string_agg(r || E'\n', '' order by r collate "C")
                  from jsonb_array_elements_text(p.settings->'recipients') r), 'UTF8')), 'base64'), 'UTF8')
        from petition p
       where jsonb_array_length(coalesce(p.settings->'recipients', '[]')) > 0
       order by p.id`.execute(db)
  await sql`
    insert into log_queue (petition_id, change, entry)
      select p.id, 0, convert_to('text/v1 ' || p.slug || ' ' || t.language || ' ' || t.version
               || ' ' || encode(t.hash, 'base64'), 'UTF8')
        from petition_text t join petition p on p.id = t.petition_id
       order by t.published_at, p.id, t.language, t.version`.execute(db)
  await sql`
    insert into log_queue (petition_id, signature_id, change, entry)
      select p.id, s.id, 1, convert_to('sign/v1 ' || p.slug || ' '
               || to_char(s.confirmed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24"Z"') || ' '
               || encode(r.commitment, 'base64'), 'UTF8')
        from sealed_record r
        join signature s on s.id = r.signature_id
        join petition p on p.id = r.petition_id
       where s.state = 'confirmed'`.execute(db)
}

export async function down(db: AnyDatabase): Promise<void> {
  await sql`drop table log_count, log_place, log_tile, log_bundle, log_queue, log_state`.execute(db)
}
