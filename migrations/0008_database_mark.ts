import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's row types
type AnyDatabase = Kysely<any>

/** What a restored database is known by: see docs/decisions/0025-database-mark.md. */
export async function up(db: AnyDatabase): Promise<void> {
  await sql`
    create table database_mark (
      single boolean primary key default true check (single),
      -- System identifier, database and timeline that the site last ran on; of another one this is a copy.
      identity text not null,
      -- Raised every minute: a node that has seen a higher one knows that this is an older state.
      count bigint not null
    )`.execute(db)
}

export async function down(db: AnyDatabase): Promise<void> {
  await sql`drop table database_mark`.execute(db)
}
