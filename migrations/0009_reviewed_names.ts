import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's row types
type AnyDatabase = Kysely<any>

/**
 * Public names are moderated as comments are; a decision outlives a name that its signer takes off, in a row
 * without it. Those that stand there already stay shown, and what nodes of the release before still write is
 * shown at once, as they mean it. They read by `public_name_recent`: it stays until a later release.
 * Confirmations wait while the new index is built, a second for each million names.
 */
export async function up(db: AnyDatabase): Promise<void> {
  await sql`alter type comment_state rename to moderation_state`.execute(db)
  await sql`
    alter table public_name
      add column state moderation_state not null default 'approved',
      add column decided_at timestamptz,
      alter column name drop not null`.execute(db)
  // Of names in which no letter stands, initials were made all the same.
  await sql`delete from public_name where name = ''`.execute(db)
  await sql`
    create index public_name_moderated on public_name (petition_id, state, confirmed_at desc)`.execute(
    db,
  )
}

/** What waits or is hidden would be shown by the release before: it goes. */
export async function down(db: AnyDatabase): Promise<void> {
  await sql`delete from public_name where state <> 'approved' or name is null`.execute(db)
  await sql`drop index public_name_moderated`.execute(db)
  await sql`
    alter table public_name
      drop column state,
      drop column decided_at,
      alter column name set not null`.execute(db)
  await sql`alter type moderation_state rename to comment_state`.execute(db)
}
