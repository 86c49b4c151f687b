import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'

const CONNECT_TIMEOUT_MS = 3000
const STATEMENT_TIMEOUT_MS = 30_000

export interface Connection<T> {
  db: Kysely<T>
  /** For graphile-worker, which wants the pool itself. */
  pool: pg.Pool
  close(): Promise<void>
}

/** Opens a pool; connects only when the first query asks for it. */
export function connect<T>(options: {
  url: string
  max: number
  onError: (error: Error) => void
}): Connection<T> {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'undersigned',
  })
  // An idle connection that breaks must not end the process: the pool opens another.
  pool.on('error', options.onError)
  // Nor one that breaks between two statements, while it is lent out (graphile-worker asks for this).
  pool.on('connect', (client) => client.on('error', options.onError))
  const db = new Kysely<T>({ dialect: new PostgresDialect({ pool }) })
  return { db, pool, close: () => db.destroy() }
}
