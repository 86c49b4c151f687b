import { randomInt } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import pg from 'pg'
import { chooseBinaries } from '../../../src/platform/database/embedded/choose-binaries.ts'
import type { Place } from '../../scale/site/place.ts'
import {
  createDatabase,
  makeCluster,
  type Postgres,
  startPostgres,
} from '../../scale/site/postgres.ts'
import { wait } from '../../scale/wait.ts'

/** How a PostgreSQL is killed: all of it at once, its first process alone, or one that serves a session. */
export const KILLS = ['all', 'postmaster', 'backend'] as const
type Kill = (typeof KILLS)[number]

/** A PostgreSQL of the trial's own, whose processes can be killed and stopped in their tracks. */
export interface Database extends Postgres {
  /** Past the wire. */
  sql: pg.Pool
  /** @returns once its processes are gone; of `backend`, PostgreSQL starts itself again */
  kill(kill: Kill): Promise<void>
  /** SIGSTOP to each of its processes. */
  freeze(): Promise<void>
  thaw(): Promise<void>
  /** One setting, from now on. */
  set(name: string, value: string): Promise<void>
}

const SETTINGS = {
  shared_preload_libraries: '',
  max_connections: '60',
  shared_buffers: '64MB',
  unix_socket_directories: '',
}
const RESTARTS = 40
const RESTART_PAUSE_MS = 100
/** Where nobody kills PostgreSQL the disk need not be waited for. */
const OF_THE_QUICK = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'on' }

/** Folder of PostgreSQL's server programs: those that npm brought. */
export async function findPostgres(place: Pick<Place, 'account' | 'folder'>): Promise<string> {
  return dirname((await chooseBinaries(place.account, place.folder)).postgres)
}

export async function startDatabase(
  place: Place<{ postgres: string }>,
  { durable }: { durable: boolean },
): Promise<Database> {
  const data = await makeCluster(place, 'postgres')
  const settings = { ...SETTINGS, ...(durable ? {} : OF_THE_QUICK) }
  const postgres = await startPostgres(place, 'postgres', data, settings)
  await createDatabase(postgres)
  const sql = new pg.Pool({ connectionString: postgres.url, max: 3, idleTimeoutMillis: 500 })
  sql.on('error', () => {})
  const all = async () => [postgres.part.pid, ...(await childrenOf(postgres.part.pid))]
  let frozen: number[] = []
  const { restart } = postgres
  return Object.assign(postgres, {
    sql,
    /** Sessions that outlived the first process keep a new one from starting until they notice. */
    async restart() {
      for (let tries = 1; ; tries++) {
        try {
          return await restart()
        } catch (error) {
          if (tries === RESTARTS) throw error
          await wait(RESTART_PAUSE_MS)
        }
      }
    },
    async kill(kill: Kill) {
      if (kill === 'backend') return signal([await oneBackend(sql)], 'SIGKILL')
      signal(kill === 'all' ? await all() : [postgres.part.pid], 'SIGKILL')
      await postgres.part.ended
    },
    async freeze() {
      // The first before the others, so that it starts no new ones.
      signal([postgres.part.pid], 'SIGSTOP')
      frozen = await all()
      signal(frozen, 'SIGSTOP')
    },
    async thaw() {
      signal(frozen, 'SIGCONT')
    },
    async set(name: string, value: string) {
      await sql.query(`alter system set ${name} = '${value}'`)
      await sql.query('select pg_reload_conf()')
    },
  })
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  return text.trim().split(' ').filter(Boolean).map(Number)
}

async function oneBackend(sql: pg.Pool): Promise<number> {
  const { rows } = await sql.query<{ pid: number }>(
    `select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
  )
  return rows[randomInt(rows.length)]!.pid
}

function signal(pids: number[], which: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, which)
    } catch (error) {
      // It had just ended.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}
