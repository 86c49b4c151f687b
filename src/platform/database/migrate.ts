import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { runMigrations } from 'graphile-worker'
import { type Kysely, type Migration, Migrator, sql } from 'kysely'
import type pg from 'pg'
import { ExpectedError } from '../expected-error.ts'

const FOLDER = fileURLToPath(new URL('../../../migrations/', import.meta.url))

/** Advisory lock that makes a second node wait for the first; a number that nothing else in this database uses. */
const MIGRATION_LOCK = 7_203_001

type MigrationState = { name: string; executedAt: Date | null }

/** Migrates our schema and graphile-worker's to the newest; safe when several nodes start at once. */
export async function migrateUp<T>(db: Kysely<T>, pool: pg.Pool): Promise<string[]> {
  return withMigrationLock(db, async () => {
    await runMigrations({ pgPool: pool, logger: undefined })
    return finish(await migrator(db).migrateToLatest())
  })
}

/**
 * Migrates an empty database as far as the one that a backup was made of; graphile-worker's schema to the newest.
 *
 * @param name of the last of our migrations to run
 */
export async function migrateTo<T>(db: Kysely<T>, pool: pg.Pool, name: string): Promise<void> {
  await withMigrationLock(db, async () => {
    await runMigrations({ pgPool: pool, logger: undefined })
    finish(await migrator(db).migrateTo(name))
  })
}

/** Whether any migration has ever run in this database. */
export const hasSchema = <T>(db: Kysely<T>) => hasTable(db, 'kysely_migration')

export async function hasTable<T>(db: Kysely<T>, name: string): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select to_regclass(${name}) is not null as found`.execute(db)
  return rows[0]!.found
}

/** Takes back the newest migration. */
export async function migrateDown<T>(db: Kysely<T>): Promise<string[]> {
  return withMigrationLock(db, async () => finish(await migrator(db).migrateDown()))
}

export async function listMigrations<T>(db: Kysely<T>): Promise<MigrationState[]> {
  const all = await migrator(db).getMigrations()
  return all.map(({ name, executedAt }) => ({ name, executedAt: executedAt ?? null }))
}

/**
 * For a role that may only look.
 *
 * @returns names of this release's migrations that have not run
 * @throws NewerSchemaError
 */
export async function findPending<T>(db: Kysely<T>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from kysely_migration order by name`.execute(db)
  const run = new Set(rows.map(({ name }) => name))
  const known = Object.keys(await loadMigrations())
  const newer = [...run].find((name) => !known.includes(name))
  if (newer !== undefined) throw new NewerSchemaError(newerWords(newer))
  return known.filter((name) => !run.has(name))
}

function migrator<T>(db: Kysely<T>): Migrator {
  return new Migrator({ db, provider: { getMigrations: loadMigrations } })
}

/** Kysely's FileMigrationProvider can't import .ts and .js alike on every platform. */
async function loadMigrations(): Promise<Record<string, Migration>> {
  const migrations: Record<string, Migration> = {}
  for (const file of (await readdir(FOLDER)).sort()) {
    const name = /^(\d{4}_[a-z0-9_]+)\.(?:ts|js)$/.exec(file)?.[1]
    if (name) migrations[name] = await import(pathToFileURL(join(FOLDER, file)).href)
  }
  return migrations
}

/**
 * Kysely and graphile-worker each lock against concurrent migrations today; with one lock around both we don't
 * rely on that.
 */
async function withMigrationLock<T, R>(db: Kysely<T>, work: () => Promise<R>): Promise<R> {
  return db.connection().execute(async (connection) => {
    await sql`set statement_timeout = 0`.execute(connection)
    await sql`select pg_advisory_lock(${MIGRATION_LOCK})`.execute(connection)
    try {
      return await work()
    } finally {
      await sql`select pg_advisory_unlock(${MIGRATION_LOCK})`.execute(connection)
      await sql`reset statement_timeout`.execute(connection)
    }
  })
}

function finish(outcome: Awaited<ReturnType<Migrator['migrateToLatest']>>): string[] {
  if (outcome.error) throw explain(outcome.error)
  return (outcome.results ?? []).map((result) => result.migrationName)
}

/** The database was migrated by a later release than this one. */
class NewerSchemaError extends ExpectedError {}

/** Kysely's words for a migration that has run here and that this release doesn't have. */
const UNKNOWN = /^corrupted migrations: previously executed migration (\S+) is missing/

function explain(error: unknown): unknown {
  const name = error instanceof Error && UNKNOWN.exec(error.message)?.[1]
  if (!name) return error
  return new NewerSchemaError(newerWords(name))
}

const newerWords = (name: string) =>
  `the database was migrated by a newer release (${name} is unknown here): start that one, or take its migrations back with its "undersigned migrate down" first; see docs/upgrading.md`
