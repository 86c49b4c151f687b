import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's row types
type AnyDatabase = Kysely<any>

/** Pictures of petitions, encoded anew at publishing: every node serves them. */
export async function up(db: AnyDatabase): Promise<void> {
  await sql`
    create table picture (
      petition_id integer not null references petition on delete cascade,
      -- SHA-256 of the organisers' file.
      source bytea not null,
      -- Sizes and files: src/picture/picture.table.ts.
      encoded jsonb not null,
      primary key (petition_id, source)
    )`.execute(db)
  await sql`
    create table picture_file (
      petition_id integer not null references petition on delete cascade,
      -- Its name in addresses: the beginning of the SHA-256 of its bytes, in hexadecimal, and an ending.
      name text not null,
      bytes bytea not null,
      primary key (name, petition_id)
    )`.execute(db)
  // Compressed already: PostgreSQL would try in vain.
  await sql`alter table picture_file alter column bytes set storage external`.execute(db)
}

export async function down(db: AnyDatabase): Promise<void> {
  await sql`drop table picture_file, picture`.execute(db)
}
