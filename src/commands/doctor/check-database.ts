import { sql } from 'kysely'
import type { Config } from '../../config.ts'
import type { Db } from '../../database.ts'
import { listMigrations } from '../../platform/database/migrate.ts'
import { type Finding, fault, ok, unchecked } from './finding.ts'

const OLDEST_VERSION = 15
/** Of each process: see POOL_SIZE in site.ts. */
const CONNECTIONS_A_PROCESS = 20

/** Version and encoding, and whether it is the primary. */
export async function checkServer(db: Db): Promise<Finding> {
  const about = 'PostgreSQL'
  const { rows } = await sql<{ version: string; encoding: string; standby: boolean }>`
    select current_setting('server_version') as version, current_setting('server_encoding') as encoding,
           pg_is_in_recovery() as standby`.execute(db)
  const { version, encoding, standby } = rows[0]!
  if (Number.parseInt(version, 10) < OLDEST_VERSION) {
    const remedy = `upgrade it to ${OLDEST_VERSION} or newer`
    return fault(about, `version ${version}, which this program does not support`, remedy)
  }
  if (encoding !== 'UTF8') {
    const remedy = 'dump it and restore it into a database with encoding UTF8'
    return fault(about, `encoding ${encoding}: most names can't be stored`, remedy)
  }
  if (standby) {
    const remedy = "set DATABASE_URL to the primary's address"
    return fault(about, 'a standby, which takes no signatures', remedy)
  }
  return ok(about, `version ${version}`)
}

export async function checkMigrations(db: Db): Promise<Finding> {
  const about = 'migrations'
  const { rows } = await sql<{ there: boolean }>`
    select to_regclass('kysely_migration') is not null as there`.execute(db)
  if (!rows[0]!.there) {
    const remedy = 'check DATABASE_URL; a new site is made by "undersigned start" or "migrate"'
    return fault(about, 'the database has no tables of Undersigned', remedy)
  }
  const known = await listMigrations(db)
  const pending = known.filter(({ executedAt }) => executedAt === null)
  const { rows: run } = await sql<{ name: string }>`select name from kysely_migration`.execute(db)
  const newer = run.filter(({ name }) => !known.some((each) => each.name === name))
  if (newer.length > 0) {
    const names = newer.map(({ name }) => name).join(', ')
    return fault(about, `of a newer release: ${names}`, 'run that release, or a newer one')
  }
  if (pending.length === 0) return ok(about, `all ${known.length} have run`)
  const names = pending.map(({ name }) => name).join(', ')
  return fault(about, `not run: ${names}`, 'start this release, or run "undersigned migrate"')
}

/** What the role may do: in the tables, and with the functions by which a restored database is recognised. */
export async function checkRights(db: Db): Promise<Finding> {
  const about = 'database role'
  const { rows } = await sql<{ role: string; lacking: string[]; superuser: boolean }>`
    select current_user as role, rolsuper as superuser,
           array(select format('%s %s', wanted, c.oid::regclass)
                   from pg_class c, unnest(array['select', 'insert', 'update', 'delete']) as wanted
                  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
                    and not has_table_privilege(c.oid, wanted))
           || array(select 'call ' || f from unnest(array['pg_control_system()', 'pg_walfile_name(pg_lsn)']) f
                     where not has_function_privilege(f, 'execute'))
           || array(select 'use the schema graphile_worker' from pg_namespace
                     where nspname = 'graphile_worker' and not has_schema_privilege(oid, 'usage'))
           || case when has_database_privilege(current_database(), 'create') then '{}'
                   else array['create in the database, for migrations'] end as lacking
      from pg_roles where rolname = current_user`.execute(db)
  const { role, lacking, superuser } = rows[0]!
  if (lacking.length === 0) {
    return ok(about, superuser ? `${role}, a superuser: more than it needs` : role)
  }
  const found = `${role} may not ${lacking.slice(0, 5).join(', ')}`
  return fault(about, found, `make ${role} the owner of the database and its tables`)
}

/** Whether the server admits the connections of this machine's processes, beside those of others. */
export async function checkConnections(
  db: Db,
  { webProcesses, databaseDirectUrl }: Pick<Config, 'webProcesses' | 'databaseDirectUrl'>,
): Promise<Finding> {
  const about = 'connections'
  if (databaseDirectUrl) return unchecked(about, 'PgBouncer decides: see docs/scaling.md')
  const { rows } = await sql<{ most: number; others: number; role_limit: number }>`
    select current_setting('max_connections')::int
             - current_setting('superuser_reserved_connections')::int as most,
           (select count(*)::int from pg_stat_activity
             where backend_type = 'client backend' and application_name <> 'undersigned') as others,
           (select rolconnlimit from pg_roles where rolname = current_user) as role_limit`.execute(
    db,
  )
  const { most, others, role_limit: roleLimit } = rows[0]!
  const wanted = (webProcesses + 1) * CONNECTIONS_A_PROCESS
  const left = Math.min(most - others, roleLimit < 0 ? Number.POSITIVE_INFINITY : roleLimit)
  const found = `${wanted} may be opened from here, ${left} are admitted`
  if (wanted <= left) return ok(about, found)
  const remedy = 'raise max_connections, lower WEB_PROCESSES, or put PgBouncer between'
  return fault(about, found, remedy)
}

/** A streaming replica of the same server, and how far behind. */
export async function checkReplica(db: Db): Promise<Finding> {
  const about = 'replica'
  const { rows } = await sql<{ standby: boolean; behind: number }>`
    select pg_is_in_recovery() as standby,
           coalesce(extract(epoch from now() - pg_last_xact_replay_timestamp()), 0)::float as behind`.execute(
    db,
  )
  const { standby, behind } = rows[0]!
  if (!standby) {
    const remedy = "set DATABASE_REPLICA_URL to a standby's address, or unset it"
    return fault(about, 'no standby: it would be read from, and gets no signatures', remedy)
  }
  return ok(about, `last change ${Math.round(behind)} s ago`)
}
