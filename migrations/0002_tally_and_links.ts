import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's row types
type AnyDatabase = Kysely<any>

export async function up(db: AnyDatabase): Promise<void> {
  await sql`create type tally_event as enum ('confirmed', 'withdrawn', 'voided')`.execute(db)
  // What happened and is not yet counted. Written in the transaction that made it happen, emptied by
  // the tally in batches; it carries what it counts by, since a withdrawal erases the rest.
  await sql`
    create table tally_queue (
      petition_id integer not null references petition,
      event tally_event not null,
      confirmed_at timestamptz not null,
      country text not null,
      language text not null,
      source text not null,
      ref text
    )`.execute(db)
  await sql`
    create table tally (
      petition_id integer not null references petition,
      -- total, hour, country, language, source or ref
      dimension text not null,
      key text not null,
      signatures bigint not null,
      primary key (petition_id, dimension, key)
    )`.execute(db)

  await sql`
    create table partner_link (
      code text primary key,
      petition_id integer not null references petition,
      name text not null,
      created_at timestamptz not null,
      unique (petition_id, name)
    )`.execute(db)
}

export async function down(db: AnyDatabase): Promise<void> {
  await sql`drop table partner_link, tally, tally_queue`.execute(db)
  await sql`drop type tally_event`.execute(db)
}
