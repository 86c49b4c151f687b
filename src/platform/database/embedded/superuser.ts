import { randomBytes } from 'node:crypto'
import { chmod, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { makeFolder } from '../../data-dir.ts'
import { createFile } from '../../files/write-whole.ts'
import { hasSqlState } from '../sql-state.ts'
import { type Account, run } from './account.ts'
import type { Binaries } from './choose-binaries.ts'
import { absent, EmbeddedPostgresError, faultLine } from './errors.ts'

/** The role that made the cluster and that the program connects as. */
export const SUPERUSER = 'undersigned'
const DATABASE = 'undersigned'
const PASSWORD_BYTES = 32

export function serverUrl(password: string, port: number, database = DATABASE): string {
  return `postgres://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`
}

/** The superuser's password in DATA_DIR/secrets/postgres, or null before the first start. */
export async function findPassword(dataDir: string): Promise<string | null> {
  const text = await readFile(join(dataDir, 'secrets/postgres'), 'utf8').catch(absent)
  return text?.trim() || null
}

/** Makes the password when there is none. Two starts at once get the same one. */
export async function keepPassword(dataDir: string): Promise<string> {
  const secrets = join(dataDir, 'secrets')
  await makeFolder(secrets, 0o700)
  if ((await stat(secrets)).mode & 0o077) await chmod(secrets, 0o700)
  return (await findPassword(dataDir)) ?? makePassword(dataDir, join(secrets, 'postgres'))
}

async function makePassword(dataDir: string, path: string): Promise<string> {
  const password = randomBytes(PASSWORD_BYTES).toString('base64url')
  try {
    await createFile(path, password, { mode: 0o600 })
    return password
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const theirs = await findPassword(dataDir)
    if (theirs) return theirs
    await rm(path) // an empty file is no password
    return makePassword(dataDir, path)
  }
}

/** Makes the `undersigned` database when there is none; `wrong password` when it cannot log in. */
export async function ensureDatabase(
  password: string,
  port: number,
): Promise<'ready' | 'wrong password'> {
  const client = new pg.Client({ connectionString: serverUrl(password, port, 'postgres') })
  client.on('error', () => {}) // the query that it interrupts rejects
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

/**
 * Gives the superuser the password in DATA_DIR/secrets, after that file was lost or the data was
 * restored without it. Anyone who can write the data folder controls the database already, so this
 * opens nothing. The server must be down: a single-user backend reads the statement from stdin.
 */
export async function resetPassword(
  data: string,
  password: string,
  account: Account | null,
  binaries: Binaries,
): Promise<void> {
  const quoted = `'${password.replaceAll("'", "''")}'`
  const statement = `ALTER ROLE ${SUPERUSER} PASSWORD ${quoted}\n`
  const options = ['--single', '-D', data, '-c', 'log_min_error_statement=panic', 'postgres']
  const { code, output } = await run(account, binaries.postgres, options, statement)
  if (code === 0 && !/\b(ERROR|FATAL|PANIC): /.test(output)) return
  throw new EmbeddedPostgresError(
    `the password in DATA_DIR/secrets/postgres does not open the database in ${data} and could ` +
      `not be set anew (${faultLine(output)}); restore both from the same backup`,
  )
}
