import type pg from 'pg'
import { ExpectedError } from '../expected-error.ts'

/**
 * Refuses while any other session uses the database. Ask it over the only connection that the command has open.
 *
 * @throws ExpectedError that names the other sessions' programs
 */
export async function refuseWhileUsed(client: Pick<pg.Client, 'query'>): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select coalesce(nullif(application_name, ''), usename) as name from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
  )
  if (rows.length === 0) return
  const names = [...new Set(rows.map(({ name }) => name))].sort().join(', ')
  throw new ExpectedError(
    `other sessions use the database (${rows.length}, of ${names}): stop web, worker and whatever else is connected to it, then try again; nothing was changed`,
  )
}
