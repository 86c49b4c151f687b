import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'

const CONNECT_TIMEOUT_MS = 3000
/** No statement of a request needs so long; migrations and nightly jobs lift it for themselves. */
const STATEMENT_TIMEOUT_MS = 30_000

export interface Connection<T> {
  db: Kysely<T>
  /** For graphile-worker, which wants the pool itself. */
  pool: pg.Pool
  close(): Promise<void>
}

/**
 * Opens a pool; connects only when the first query asks for it.
 *
 * @param pooled true behind a pooler: PgBouncer refuses connections with startup parameters (see its
 *   ignore_startup_parameters), so statement_timeout has to be set there
 */
export function connect<T>(options: {
  url: string
  max: number
  pooled?: boolean
  onError: (error: Error) => void
}): Connection<T> {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: options.pooled ? false : STATEMENT_TIMEOUT_MS,
    application_name: 'undersigned',
  })
  // An idle connection that breaks must not end the process: the pool opens another.
  pool.on('error', options.onError)
  // Nor one that breaks between two statements while it is checked out (graphile-worker asks for this).
  pool.on('connect', (client) => client.on('error', options.onError))
  const db = new Kysely<T>({ dialect: new PostgresDialect({ pool }) })
  return { db, pool, close: () => db.destroy() }
}

/** Lifts statement_timeout for a transaction that reads whole tables; requests keep theirs. */
export async function takeAllTheTime<T>(trx: Kysely<T>): Promise<void> {
  await sql`set local statement_timeout = 0`.execute(trx)
}

/** Reads whole tables as they are at one moment, however long that takes. */
export function readSnapshot<T, Result>(
  db: Kysely<T>,
  read: (trx: Transaction<T>) => Promise<Result>,
): Promise<Result> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      await takeAllTheTime(trx)
      return read(trx)
    })
}

/** True when statement_timeout is set, by us or by the server's administrator. */
export async function hasTimeLimit<T>(db: Kysely<T>): Promise<boolean> {
  const { rows } = await sql<{ limit: string }>`
    select current_setting('statement_timeout') as limit`.execute(db)
  return rows[0]!.limit !== '0'
}
