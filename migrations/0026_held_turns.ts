import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's row types
type AnyDatabase = Kysely<any>

/** Forms whose mail waits are mailed each network's first ones first. */
export async function up(db: AnyDatabase): Promise<void> {
  await sql`
    -- How many forms of its network waited before it, for the same reason.
    alter table submission add column turn smallint not null default 0`.execute(db)
  await sql`
    create index submission_turn on submission (held, turn, created_at) where held is not null`.execute(
    db,
  )
}

export async function down(db: AnyDatabase): Promise<void> {
  await sql`alter table submission drop column turn`.execute(db)
}
