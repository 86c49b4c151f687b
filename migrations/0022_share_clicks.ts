import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's row types
type AnyDatabase = Kysely<any>

/** How often a share link was opened on a day: a number, and nothing about who opened it. */
export async function up(db: AnyDatabase): Promise<void> {
  await sql`
    create table share_click (
      -- HMAC of the share code: the table alone doesn't tell which link, so neither whose, was opened.
      link bytea not null,
      -- In UTC, such as 2030-03-01.
      day text not null,
      clicks integer not null check (clicks > 0),
      primary key (link, day)
    )`.execute(db)
  await sql`create index share_click_day on share_click (day)`.execute(db)
}

export async function down(db: AnyDatabase): Promise<void> {
  await sql`drop table share_click`.execute(db)
}
