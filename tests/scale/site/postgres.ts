import { join } from 'node:path'
import pg from 'pg'
import { run } from '../../../src/platform/database/embedded/account.ts'
import { freePort } from '../../../src/platform/database/embedded/launch-server.ts'
import { runSql, withDatabase } from '../../support/test-database.ts'
import { beginServer, type Part, untilReady } from './begin.ts'
import type { Place } from './place.ts'

export const USER = 'undersigned'

export interface Postgres {
  port: number
  url: string
  part: Part
  /** After a kill, on the same data and port. */
  restart(): Promise<void>
}

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  // For whoever counts where reads went.
  shared_preload_libraries: 'pg_stat_statements',
}
/** What is acknowledged is on disk, and the replica may stay away for the length of a test. */
const OF_THE_PRIMARY = { synchronous_commit: 'on', wal_level: 'replica', wal_keep_size: '1GB' }
const OF_THE_REPLICA = { hot_standby_feedback: 'on' }

type OfPostgres = Place<Pick<Place['programs'], 'postgres'>>

export async function startPrimary(place: Place): Promise<Postgres> {
  const data = await makeCluster(place, 'primary')
  const primary = await startPostgres(place, 'primary', data, OF_THE_PRIMARY)
  await createDatabase(primary)
  await runSql(primary.url, 'create extension pg_stat_statements')
  return primary
}

/** @returns its data folder */
export async function makeCluster(place: OfPostgres, name: string): Promise<string> {
  const data = join(place.folder, name)
  const password = await place.write('password', place.password)
  await succeed(place, 'initdb', [
    '-D',
    data,
    '-U',
    USER,
    '--auth=scram-sha-256',
    `--pwfile=${password}`,
    '--locale=C.UTF-8',
  ])
  return data
}

export async function createDatabase({ url }: Postgres): Promise<void> {
  await runSql(withDatabase(url, 'postgres'), 'create database undersigned')
}

/** A copy of the primary that follows it from now on. */
export async function startReplica(place: Place, primary: Postgres): Promise<Postgres> {
  const data = join(place.folder, 'replica')
  await succeed(place, 'pg_basebackup', [
    '--dbname',
    primary.url,
    '--pgdata',
    data,
    '--write-recovery-conf',
    '--wal-method=stream',
    '--checkpoint=fast',
  ])
  return startPostgres(place, 'replica', data, OF_THE_REPLICA)
}

export async function startPostgres(
  place: OfPostgres,
  name: string,
  data: string,
  settings: Record<string, string>,
): Promise<Postgres> {
  const port = await freePort()
  const url = `postgres://${USER}:${place.password}@127.0.0.1:${port}/undersigned`
  const given = Object.entries({ ...SETTINGS, ...settings, port })
  const args = ['-D', data, ...given.flatMap(([key, value]) => ['-c', `${key}=${value}`])]
  const begin = async () => {
    const part = beginServer(name, join(place.programs.postgres, 'postgres'), args, {
      account: place.account,
      logFile: place.logFile(name),
      stopSignal: 'SIGINT',
    })
    await untilReady(part, async () => answers(withDatabase(url, 'postgres')))
    return part
  }
  const postgres: Postgres = {
    port,
    url,
    part: await begin(),
    async restart() {
      postgres.part = await begin()
    },
  }
  return postgres
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } finally {
    await client.end()
  }
}

async function succeed(place: OfPostgres, name: string, args: string[]): Promise<void> {
  const command = join(place.programs.postgres, name)
  const { code, output } = await run(place.account, command, args)
  if (code !== 0) throw new Error(`${name} failed: ${output.slice(-600)}`)
}
