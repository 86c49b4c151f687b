import { lstat, realpath, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { explainFault } from '../../data-dir.ts'
import { SQL_STATE } from '../sql-state.ts'
import { absent, EmbeddedPostgresError, isRunning } from './errors.ts'
import {
  inspectProcess,
  isAlive,
  isServer,
  type Owner,
  ownerOf,
  readPostmasterFile,
  serverMarker,
} from './processes.ts'
import { findPassword, serverUrl } from './superuser.ts'

const LOOK_EVERY_MS = 50
const STARTING_MS = 15_000
/** The database is not made yet, or the server is starting or stopping. */
const NOT_YET = [SQL_STATE.noSuchDatabase, SQL_STATE.cannotConnectNow, 'ECONNREFUSED', 'ECONNRESET']

/**
 * For command-line tools while `start` runs in another process: the URL of the live server of this
 * DATA_DIR, or null. Waits for one that is just starting. A server whose owner was killed does
 * not count: the next `startEmbedded` replaces it.
 *
 * @throws DataDirError when DATA_DIR is not ours to read
 */
export async function findRunningEmbedded(dataDir: string): Promise<string | null> {
  try {
    const data = await findData(dataDir)
    if (!data) return null
    const deadline = performance.now() + STARTING_MS
    while (performance.now() < deadline) {
      const server = await findOwnedServer(data)
      if (!server) return null
      const { port } = server
      const password = port && (await findPassword(dataDir))
      if (password && (await answers(serverUrl(password, port)))) return serverUrl(password, port)
      await sleep(LOOK_EVERY_MS)
    }
    return null
  } catch (error) {
    throw explainFault(error, dataDir)
  }
}

/**
 * Whether a start has made a database in this DATA_DIR, or a link to one. Makes nothing.
 *
 * @throws DataDirError when DATA_DIR is not ours to read
 */
export async function hasCluster(dataDir: string): Promise<boolean> {
  const home = join(resolve(dataDir), 'postgres')
  try {
    const here = await lstat(home).catch(absent)
    // The start reports a link that leads to nothing.
    if (here?.isSymbolicLink()) return true
    return here !== null && (await stat(join(home, 'PG_VERSION')).catch(absent)) !== null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false
    throw explainFault(error, dataDir)
  }
}

/**
 * For a start, before it opens anything: a second one with the same DATA_DIR would otherwise complain
 * of the ports that the first one holds. `startEmbedded` asks again, and decides.
 *
 * @throws EmbeddedPostgresError that names the process, DataDirError when DATA_DIR is not ours to read
 */
export async function refuseWhileRunning(dataDir: string): Promise<void> {
  try {
    const data = await findData(dataDir)
    const server = data && (await findOwnedServer(data))
    if (server) throw isRunning(server.owner.pid)
  } catch (error) {
    throw explainFault(error, dataDir)
  }
}

function findData(dataDir: string): Promise<string | null> {
  return realpath(join(resolve(dataDir), 'postgres')).catch(absent)
}

/** Null when no live process owns a server on this data folder; port 0 while it is starting. */
async function findOwnedServer(data: string): Promise<{ owner: Owner; port: number } | null> {
  const file = await readPostmasterFile(data)
  const server = file && (await inspectProcess(file.pid))
  if (!server || !isServer(server, await serverMarker(data))) return null
  const owner = ownerOf(server)
  if (!owner || !(await isAlive(owner))) return null
  return { owner, port: file.ready ? file.port : 0 }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  try {
    await client.connect()
    return true
  } catch (error) {
    const { code, message } = error as pg.DatabaseError
    if (code && NOT_YET.includes(code)) return false
    throw new EmbeddedPostgresError(
      `the database server of this DATA_DIR runs but does not let us in (${message}); ` +
        'stop undersigned and start it again',
      { cause: error },
    )
  } finally {
    await client.end().catch(() => {})
  }
}
