import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Account, runAs } from './account.ts'
import type { Binaries } from './choose-binaries.ts'
import { EmbeddedPostgresError } from './errors.ts'
import {
  findSurvivors,
  inspectProcess,
  markingArguments,
  ourselves,
  readPostmasterFile,
  serverMarker,
} from './processes.ts'
import { openServerLog } from './server-log.ts'
import { clearPredecessor, stopServer } from './stop-server.ts'

const LOOPBACK = '127.0.0.1'
const LOWEST_PORT = 20_000
const HIGHEST_PORT = 32_768
const PORTS_TRIED = 100
const ATTEMPTS = 5
const LOOK_EVERY_MS = 15
const RECOVERY_MS = 10 * 60_000 // replaying a crashed server's log takes its time

export interface LaunchOptions {
  /** The real path of the data folder. */
  data: string
  dataDir: string
  account: Account | null
  binaries: Binaries
  onLog?: (line: string) => void
  choosePort?: () => Promise<number>
}

export interface LaunchedServer {
  port: number
  /** Resolves when its process is gone, asked or not: with words on how. */
  ended: Promise<string>
  stop(): Promise<void>
}

/** Starts a server on the data folder and waits until it takes connections. */
export async function launchServer(options: LaunchOptions): Promise<LaunchedServer> {
  const { choosePort = freePort, data } = options
  const marker = await serverMarker(data)
  for (let attempt = 1; ; attempt++) {
    const stalePid = await clearPredecessor(data, marker)
    const launched = await spawnServer({ ...options, port: await choosePort(), marker, stalePid })
    if ('stop' in launched) return launched
    const passing =
      (await isTaken(launched.failedOn)) || (await isHeldByAnother(data, marker, stalePid))
    if (attempt < ATTEMPTS && passing) continue
    throw new EmbeddedPostgresError(
      `PostgreSQL did not start on ${data} (${launched.why}); ` +
        'correct that, set DATA_DIR to another folder, or set DATABASE_URL',
    )
  }
}

/** Whether a start that failed lost to another one, or to a dead server's last processes. */
async function isHeldByAnother(data: string, marker: string, stalePid: number | null) {
  const holder = (await readPostmasterFile(data))?.pid ?? Number.NaN
  const another = holder !== stalePid && (await inspectProcess(holder)) !== null
  return another || (await findSurvivors(marker)).length > 0
}

type Launch = LaunchOptions & { port: number; marker: string; stalePid: number | null }

/** One try to run a server on this port: it becomes ready, or ends by itself. */
async function spawnServer(
  options: Launch,
): Promise<LaunchedServer | { failedOn: number; why: string }> {
  const { account, binaries, data, port, stalePid } = options
  const log = await openServerLog(options.dataDir, options.onLog)
  const base = runAs(account)
  const server = spawn(binaries.postgres, serverArguments(options, await ourselves()), {
    ...base,
    env: { ...base.env, ...overlook(stalePid) },
    // A session of its own: Ctrl-C in the terminal is for us, and we stop the server when we are ready.
    detached: process.platform !== 'win32',
    stdio: ['ignore', log.sink, log.sink],
  })
  log.attach(server)
  const ended = new Promise<string>((resolve) =>
    server.once('exit', (code, signal) => resolve(describeEnd(code, signal))),
  )
  const end = await becomeReady(server, data)
  const why = end === 'ready' ? '' : `${await log.fault()}; ${end}`
  await log.close()
  if (end !== 'ready') return { failedOn: port, why }
  server.unref() // it keeps no program alive that has nothing else to do
  return { port, ended, stop: stopServer(server, data, binaries.pgCtl) }
}

const describeEnd = (code: number | null, signal: string | null) =>
  signal ? `ended by ${signal}` : `exit code ${code}`

/**
 * Tells PostgreSQL, as pg_ctl does, that the process with this pid is no server although a stale lock
 * file names it (CreateLockFile in miscinit.c). The file must stay: by the shared memory key in it
 * PostgreSQL notices a dead server's last processes.
 */
function overlook(stalePid: number | null) {
  return stalePid === null ? {} : { PG_GRANDPARENT_PID: String(stalePid) }
}

/** Settings that the program depends on; the operator's own are in postgresql.conf (place-cluster.ts). */
function serverArguments({ data, port, marker }: Launch, owner: string): string[] {
  const settings = {
    listen_addresses: LOOPBACK,
    port,
    unix_socket_directories: '', // their paths have a short limit
    logging_collector: 'off',
    log_destination: 'stderr',
    log_line_prefix: '%m [%p] ',
    // A failing statement or a duplicate key's detail could carry a signer's address into the log.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
  }
  const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return ['-D', data, ...markingArguments(marker, owner), ...given]
}

/** Waits until the server takes connections: `ready`, or words on how it ended before. */
async function becomeReady(server: ChildProcess, data: string): Promise<string> {
  let end: string | null = null
  server.once('error', (error) => {
    end = error.message
  })
  // Not `exit`: with `close` its last lines have been read.
  server.once('close', (code, signal) => {
    end = describeEnd(code, signal)
  })
  const deadline = performance.now() + RECOVERY_MS
  while (performance.now() < deadline) {
    if (end !== null) return end
    const file = await readPostmasterFile(data)
    if (file?.ready && file.pid === server.pid) return 'ready'
    await sleep(LOOK_EVERY_MS)
  }
  server.kill('SIGQUIT')
  return `not ready after ${RECOVERY_MS / 60_000} minutes`
}

/**
 * A port that is free now; another program may take it before the server does. Below those that systems give to
 * outgoing connections, so that none of these takes it meanwhile, nor while the server is started again.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < PORTS_TRIED; attempt++) {
    const port = randomInt(LOWEST_PORT, HIGHEST_PORT)
    if ((await bind(port)) !== null) return port
  }
  throw new Error(`no port is free on ${LOOPBACK}`)
}

const isTaken = async (port: number) => (await bind(port)) === null

function bind(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen(port, LOOPBACK, () => {
      const address = server.address()
      server.close(() => resolve(address && typeof address === 'object' ? address.port : null))
    })
  })
}
