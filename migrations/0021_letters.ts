import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's row types
type AnyDatabase = Kysely<any>

/** How many say that they have written to one of those who are asked. A number alone: who, to whom and when is not kept. */
export async function up(db: AnyDatabase): Promise<void> {
  await sql`
    create table letter_count (
      petition_id integer primary key references petition on delete cascade,
      letters integer not null
    )`.execute(db)
}

export async function down(db: AnyDatabase): Promise<void> {
  await sql`drop table letter_count`.execute(db)
}
