import pg from 'pg'
import { hasSqlState } from '../sql-state.ts'
import { EmbeddedPostgresError } from './embedded-error.ts'
import { DATABASE, serverUrl } from './server-url.ts'

/** Makes the `undersigned` database when there is none; `wrong password` when it cannot log in. */
export async function ensureDatabase(
  password: string,
  port: number,
): Promise<'ready' | 'wrong password'> {
  const client = new pg.Client({ connectionString: serverUrl(password, port, 'postgres') })
  client.on('error', () => {}) // a query that it interrupts tells us
  try {
    await client.connect()
    const found = await client.query('select from pg_database where datname = $1', [DATABASE])
    if (found.rowCount === 0) await client.query(`create database ${DATABASE}`)
    return 'ready'
  } catch (error) {
    if (hasSqlState(error, 'invalidPassword')) return 'wrong password'
    throw new EmbeddedPostgresError(
      `the database ${DATABASE} cannot be opened or made (${(error as Error).message}); ` +
        'correct that, or set DATA_DIR to another folder',
      { cause: error },
    )
  } finally {
    await client.end().catch(() => {})
  }
}
