import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's row types
type AnyDatabase = Kysely<any>

/**
 * Forms whose mail waits, and what tells a flood from a crowd. What is kept of networks and domains is unlogged: it is
 * in no backup, no replica and no WAL, and a crash of PostgreSQL empties it.
 */
export async function up(db: AnyDatabase): Promise<void> {
  await sql`
    -- Why no job mails it yet, one of the names in src/defence/verdict.ts; null: a job does, or did.
    alter table submission add column held text`.execute(db)
  await sql`create index submission_held on submission (held, created_at) where held is not null`.execute(
    db,
  )
  await sql`
    create unlogged table spent_proof (
      -- The challenge's own random bytes.
      id bytea primary key,
      expires_at timestamptz not null
    )`.execute(db)
  await sql`create index spent_proof_age on spent_proof (expires_at)`.execute(db)
  await sql`
    create unlogged table flow (
      -- Keyed hash of a network, a domain or an address, under the day's key.
      key bytea primary key,
      -- Forms, less what has run off since: see src/defence/flows.ts.
      level double precision not null,
      -- Forms that run off in a second.
      drain double precision not null,
      at timestamptz not null
    )`.execute(db)
  await sql`
    create unlogged table flow_day (
      -- In UTC, as 2024-03-01.
      day text primary key,
      -- Half of the day's key, the other half follows from SECRET_KEY: without this row no hash can be made again.
      salt bytea not null
    )`.execute(db)
}

export async function down(db: AnyDatabase): Promise<void> {
  await sql`drop table flow_day, flow, spent_proof`.execute(db)
  // Whose mail still waits is mailed like everyone else.
  await sql`
    select graphile_worker.add_job('mail-submission', payload => json_build_object('id', id), max_attempts => 25)
      from submission where held is not null`.execute(db)
  await sql`alter table submission drop column held`.execute(db)
}
