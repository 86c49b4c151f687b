import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import type pg from 'pg'
import { DatabaseAway } from './unavailable.ts'
import { LONG_NAME } from './watch-sessions.ts'
import { createWatchedPool } from './watched-pool.ts'

const CONNECT_TIMEOUT_MS = 3000
/** No statement of a request needs so long; migrations and nightly jobs lift it for themselves. */
const STATEMENT_TIMEOUT_MS = 30_000
/** The locks of a transaction whose process is cut off are free after this. */
const IDLE_IN_TRANSACTION_MS = 5 * 60_000
/** The operating system then notices within half a minute that the other machine is gone. */
const KEEPALIVE_AFTER_MS = 10_000

export interface Connection<T> {
  db: Kysely<T>
  /** For graphile-worker, which wants the pool itself. */
  pool: pg.Pool
  close(): Promise<void>
}

/**
 * Opens a pool; connects only when the first query asks for it. A server that falls silent is noticed within four
 * seconds: see `createWatchedPool`, which opens one connection beyond `max` to ask.
 *
 * @param pooled true behind a pooler: PgBouncer refuses connections with startup parameters (see its
 *   ignore_startup_parameters), so statement_timeout has to be set there
 * @param onError of a connection that broke
 */
export function connect<T>(options: {
  url: string
  max: number
  pooled?: boolean
  onError: (error: Error) => void
  onAway?: (error: Error) => void
  onBack?: () => void
}): Connection<T> {
  const { pooled = false, onAway = () => {}, onBack = () => {} } = options
  const onError = (error: Error) => {
    // One that the pool has cut itself.
    if (!(error instanceof DatabaseAway)) options.onError(error)
  }
  const pool = createWatchedPool(
    {
      connectionString: options.url,
      max: options.max,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: pooled ? false : STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: pooled ? undefined : IDLE_IN_TRANSACTION_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEPALIVE_AFTER_MS,
      application_name: 'undersigned',
    },
    { pooled, onAway, onBack },
  )
  // An idle connection that breaks must not end the process: the pool opens another.
  pool.on('error', () => {})
  // Nor one that breaks while it is checked out (graphile-worker asks for this); idle ones tell of it here, too.
  pool.on('connect', (client) => client.on('error', onError))
  const db = new Kysely<T>({ dialect: new PostgresDialect({ pool }) })
  return {
    db,
    pool,
    async close() {
      await db.destroy()
      // Kysely ends no pool that it has never asked.
      if (!pool.ending) await pool.end()
    },
  }
}

/** Lifts the time limits for a transaction that reads whole tables; requests keep theirs. */
export async function takeAllTheTime<T>(trx: Kysely<T>): Promise<void> {
  await sql`
    select set_config('statement_timeout', '0', true),
           set_config('idle_in_transaction_session_timeout', '0', true),
           set_config('application_name', ${LONG_NAME}, true)`.execute(trx)
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
