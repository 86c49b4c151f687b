import { sql } from 'kysely'
import type { Config } from '../../config.ts'
import type { Db } from '../../database.ts'
import { isLoopback } from '../../platform/connection-safety.ts'
import { hasTimeLimit } from '../../platform/database/connect.ts'
import { isOnThisMachine } from '../../platform/database/database-url.ts'
import { readMark } from '../../restoring/database-mark.ts'
import { checkSpace } from './check-files.ts'
import { isPrivate } from './check-proxy.ts'
import { type Finding, fault, ok, unchecked } from './finding.ts'

interface Wanted {
  name: string
  isWanted(value: string): boolean
  why: string
  set: string
}

/** By name; any other value is a fault. */
const OF_DURABILITY: readonly Wanted[] = [
  {
    name: 'fsync',
    isWanted: (value) => value === 'on',
    why: 'a crash can destroy the database',
    set: 'on',
  },
  {
    name: 'full_page_writes',
    isWanted: (value) => value === 'on',
    why: 'a crash can destroy the database',
    set: 'on',
  },
  {
    name: 'synchronous_commit',
    isWanted: (value) => value !== 'off',
    why: 'a crash loses signatures whose signers were told to look for a mail',
    set: 'on',
  },
]

/** PostgreSQL's own log outlives an erased signer, and is read by whoever reads the machine's logs. */
const OF_PRIVACY: readonly Wanted[] = [
  {
    name: 'log_min_error_statement',
    isWanted: (value) => value === 'panic' || value === 'fatal',
    why: "a failing statement writes a signer's data into PostgreSQL's log",
    set: 'panic',
  },
  {
    name: 'log_error_verbosity',
    isWanted: (value) => value === 'terse',
    why: "errors repeat a signer's data in PostgreSQL's log",
    set: 'terse',
  },
  {
    name: 'log_statement',
    isWanted: (value) => value === 'none' || value === 'ddl',
    why: "each statement writes signers' data into PostgreSQL's log",
    set: 'none',
  },
  {
    name: 'log_parameter_max_length_on_error',
    isWanted: (value) => value === '0',
    why: "errors repeat a signer's data in PostgreSQL's log",
    set: '0',
  },
]

export const checkDurability = (db: Db) => checkAll(db, 'durability', OF_DURABILITY)

export async function checkPostgresLog(db: Db): Promise<Finding[]> {
  const about = "PostgreSQL's log"
  const values = await readSettings(db)
  const slow = ['log_min_duration_statement', 'log_min_duration_sample'].find(
    (name) => values.get(name) !== '-1',
  )
  const findings = await checkAll(db, about, OF_PRIVACY)
  if (!slow || values.get('log_parameter_max_length') === '0') return findings
  const found = `${slow} is set: slow statements write signers' data into it`
  const remedy = 'set log_parameter_max_length = 0 beside it'
  return [...findings.filter(({ state }) => state !== 'ok'), fault(about, found, remedy)]
}

async function checkAll(db: Db, about: string, settings: readonly Wanted[]): Promise<Finding[]> {
  const values = await readSettings(db)
  const faults = settings.flatMap(({ name, isWanted, why, set }) => {
    const value = values.get(name)
    if (value === undefined || isWanted(value)) return []
    return fault(about, `${name} = ${value}, so ${why}`, `set ${name} = ${set} in PostgreSQL`)
  })
  return faults.length > 0 ? faults : [ok(about, settings.map(({ name }) => name).join(', '))]
}

/** As they are for this session: of the server, the database and the role together. */
async function readSettings(db: Db): Promise<Map<string, string>> {
  const { rows } = await sql<{ name: string; setting: string }>`
    select name, setting from pg_settings`.execute(db)
  return new Map(rows.map(({ name, setting }) => [name, setting]))
}

/** Behind PgBouncer the program can't set the limit itself. */
export async function checkTimeLimit(pooled: Db): Promise<Finding> {
  const about = 'statement_timeout'
  if (await hasTimeLimit(pooled)) return ok(about, 'a statement that hangs is ended')
  const found = 'no statement through PgBouncer is ever ended: one that hangs holds up the others'
  return fault(about, found, 'set it in the pooler, as docs/scaling.md shows')
}

/** Somebody on the way can read every form, and the role's password where it isn't SCRAM's. */
export async function checkDatabaseTls(
  db: Db,
  { databaseUrl }: Pick<Config, 'databaseUrl'>,
): Promise<Finding> {
  const about = 'database encryption'
  if (!databaseUrl || isOnThisMachine(databaseUrl)) return ok(about, 'it is on this machine')
  const { rows } = await sql<{ version: string | null }>`
    select version from pg_stat_ssl where pid = pg_backend_pid()`.execute(db)
  const { hostname, searchParams } = new URL(databaseUrl)
  const version = rows[0]?.version
  if (version && searchParams.get('sslmode') === 'no-verify') {
    const found = `${version}, to whoever takes the connection`
    return fault(about, found, 'use sslmode=verify-full in DATABASE_URL, with sslrootcert')
  }
  if (version) return ok(about, version)
  const isNear = !hostname.includes('.') || isPrivate(hostname)
  if (isNear) return ok(about, `none: ${hostname} is on this network`)
  return fault(about, 'none', 'use sslmode=verify-full in DATABASE_URL')
}

/** What DATABASE_FAILOVER declares. */
export async function checkFailover(db: Db): Promise<Finding> {
  const about = 'DATABASE_FAILOVER'
  if ((await readMark(db)).isSynchronous) return ok(about, 'each commit waits for a standby')
  const found =
    'it is synchronous, and commits wait for no standby: after a failover no form is served'
  return fault(
    about,
    found,
    "set synchronous_standby_names, as Patroni's synchronous_mode does, or unset it",
  )
}

/** Room where PostgreSQL keeps its data, as far as this machine and this user can know. */
export async function checkDatabaseDisk(
  db: Db,
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
): Promise<Finding> {
  const about = 'disk of the database'
  if (!databaseUrl) return checkSpace(about, dataDir)
  const { hostname } = new URL(databaseUrl)
  if (hostname !== '' && !isLoopback(hostname)) {
    return unchecked(about, `it is ${hostname}'s: watch it there (node_exporter)`)
  }
  // The view leaves out what this role may not see.
  const { rows } = await sql<{ folder: string }>`
    select setting as folder from pg_settings where name = 'data_directory'`.execute(db)
  if (rows[0]) return checkSpace(about, rows[0].folder)
  return unchecked(about, 'PostgreSQL tells its folder only to members of pg_read_all_settings')
}
