import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's row types
type AnyDatabase = Kysely<any>

/** A day is shown where it was meant: an offset, an IANA zone, or `Z`. Null where it was published before. */
export async function up(db: AnyDatabase): Promise<void> {
  await sql`alter table petition add column opens_zone text, add column closes_zone text`.execute(
    db,
  )
}

export async function down(db: AnyDatabase): Promise<void> {
  await sql`alter table petition drop column opens_zone, drop column closes_zone`.execute(db)
}
