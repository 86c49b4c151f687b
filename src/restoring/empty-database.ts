import type pg from 'pg'
import { refuseWhileUsed } from '../platform/database/refuse-while-used.ts'
import { BackupError } from './backup-format.ts'

/** All that the site keeps in its database: its own schema's tables and what they need, and graphile-worker's. */
const FOUND = `
  select format('drop %s if exists %s cascade', kind, name) as drop, kind from (
    select 1 as step, oid, 'schema' as kind, nspname::text as name
      from pg_namespace where nspname = 'graphile_worker'
    union all
    select 2, oid, case relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end,
           oid::regclass::text
      from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v', 'm')
    union all
    select 3, oid, 'sequence', oid::regclass::text
      from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'S'
    union all
    select 4, oid, 'function', oid::regprocedure::text
      from pg_proc where pronamespace = current_schema()::regnamespace and prokind = 'f'
    union all
    select 5, oid, 'type', oid::regtype::text
      from pg_type where typnamespace = current_schema()::regnamespace and typtype = 'e'
  ) as found
  where not exists (select from pg_depend where deptype = 'e' and objid = found.oid)
  order by step`

/**
 * Refuses a database that holds something, unless the operator has named the site whose data goes.
 *
 * @param replace the host of that site, or null
 * @throws BackupError
 */
export async function requireEmpty(
  client: pg.Client,
  { replace, host }: { replace: string | null; host: string },
): Promise<void> {
  const { rows } = await client.query<{ kind: string }>(FOUND)
  if (!rows.some(({ kind }) => kind === 'table' || kind === 'schema')) return
  await refuseOthers(client)
  const found = (await findHost(client)) ?? host
  if (replace === null) {
    throw new BackupError(
      `the database is not empty: it holds the data of ${found}; restore into an empty one, or, if all of that may go, add --replace ${found}`,
    )
  }
  if (replace !== found) {
    throw new BackupError(
      `--replace names ${replace}, and the database holds the data of ${found}: check DATABASE_URL`,
    )
  }
  // A process that goes on would fill the new tables with what it remembers of the old ones.
  await refuseWhileUsed(client)
}

/** Nobody's word deletes what some other program keeps there. */
async function refuseOthers(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ table: string }>(
    `select relname as table from pg_class
      where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v', 'm')
        and relname not like 'kysely\\_migration%' and to_regclass('petition') is null
      order by relname limit 1`,
  )
  if (!rows[0]) return
  throw new BackupError(
    `the database holds something else than a site of Undersigned, such as the table ${rows[0].table}: check DATABASE_URL, and restore into an empty database`,
  )
}

/** The log's origin is `<host>/log`. */
async function findHost(client: pg.Client): Promise<string | null> {
  const { rows } = await client.query<{ found: boolean }>(
    `select to_regclass('log_state') is not null as found`,
  )
  if (!rows[0]!.found) return null
  const state = await client.query<{ origin: string }>('select origin from log_state')
  return state.rows[0]?.origin.replace(/\/log$/, '') ?? null
}

/** Drops what a site keeps in its database, all or nothing. */
export async function emptyDatabase(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ drop: string }>(FOUND)
  await client.query('begin')
  try {
    for (const { drop } of rows) await client.query(drop)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}
