import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's row types
type AnyDatabase = Kysely<any>

/** Signatures on paper: their number, by the organisers' own word, and the scans, sealed to the organisers. */
export async function up(db: AnyDatabase): Promise<void> {
  await sql`
    create table paper (
      id integer generated always as identity primary key,
      petition_id integer not null references petition,
      signatures integer not null check (signatures > 0),
      place text not null,
      -- The last day on which was signed, such as 2024-11-12, as the organisers say.
      collected_on text not null,
      added_at timestamptz not null,
      -- SHA-256 of the sealed scan: the public log holds it. Filled, with the size, once the scan is sealed.
      hash bytea not null default '',
      -- Bytes of the sealed scan.
      size bigint not null default 0
    )`.execute(db)
  await sql`create index paper_petition on paper (petition_id)`.execute(db)
  await sql`
    create table paper_scan (
      paper_id integer not null references paper,
      -- From 0: one after the other they are an age file, which the server can't open.
      part integer not null,
      sealed bytea not null,
      primary key (paper_id, part)
    )`.execute(db)
  // What is encrypted can't be compressed.
  await sql`alter table paper_scan alter column sealed set storage external`.execute(db)
}

export async function down(db: AnyDatabase): Promise<void> {
  await sql`drop table paper_scan, paper`.execute(db)
}
