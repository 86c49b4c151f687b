import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's row types
type AnyDatabase = Kysely<any>

const TABLES = ['public_name', 'comment']

/** Why a name or comment waits, what was reported of it, and the last decision, which can be undone. */
export async function up(db: AnyDatabase): Promise<void> {
  for (const table of TABLES) {
    await sql`
      alter table ${sql.table(table)}
        -- src/signature/moderation/why.ts: why it waits, or was hidden.
        add column why text,
        -- Since it was decided on last.
        add column reports integer not null default 0,
        -- The reason that the last report gave.
        add column reported text,
        add column reported_at timestamptz,
        -- The last decision's number, and what was before it.
        add column decision integer,
        add column was moderation_state,
        add column was_why text,
        add column was_decided_at timestamptz`.execute(db)
    // Few rows of millions, each.
    await sql`
      create index ${sql.ref(`${table}_reported`)} on ${sql.table(table)} (petition_id)
       where reports > 0`.execute(db)
    await sql`
      create index ${sql.ref(`${table}_refused`)} on ${sql.table(table)} (decided_at)
       where state = 'refused'`.execute(db)
  }
  // A hidden name, encrypted, until it is erased; "name" is then null. Comments are always encrypted.
  await sql`alter table public_name add column hidden bytea`.execute(db)
  await sql`update comment set why = 'review' where state = 'waiting'`.execute(db)
  await sql`update public_name set why = 'review' where state = 'waiting'`.execute(db)
  await sql`create sequence moderation_decision as integer`.execute(db)
}

/** The release before can't read a hidden name: its row stays without it, as where a signer took it off. */
export async function down(db: AnyDatabase): Promise<void> {
  await sql`drop sequence moderation_decision`.execute(db)
  await sql`alter table public_name drop column hidden`.execute(db)
  for (const table of TABLES) {
    await sql`drop index ${sql.ref(`${table}_reported`)}, ${sql.ref(`${table}_refused`)}`.execute(
      db,
    )
    await sql`
      alter table ${sql.table(table)}
        drop column why, drop column reports, drop column reported, drop column reported_at,
        drop column decision, drop column was, drop column was_why, drop column was_decided_at`.execute(
      db,
    )
  }
}
