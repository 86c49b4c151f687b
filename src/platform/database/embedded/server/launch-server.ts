import { spawn } from 'node:child_process'
import type { Account } from '../account/choose-account.ts'
import { runAs } from '../account/run-as.ts'
import type { Binaries } from '../binaries/choose-binaries.ts'
import { EmbeddedPostgresError } from '../embedded-error.ts'
import { inspectProcess } from '../process/inspect-process.ts'
import { ourselves } from '../process/owner.ts'
import { becomeReady } from './become-ready.ts'
import { clearPredecessor } from './clear-predecessor.ts'
import { freePort, isTaken } from './free-port.ts'
import { readPostmasterFile } from './postmaster-file.ts'
import { findSurvivors, serverMarker } from './recognise-server.ts'
import { serverArguments } from './server-arguments.ts'
import { openServerLog } from './server-log.ts'
import { stopServer } from './stop-server.ts'

const ATTEMPTS = 5

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
  stop(): Promise<void>
}

/** Starts a server on the data folder and waits until it takes connections. */
export async function launchServer(options: LaunchOptions): Promise<LaunchedServer> {
  const marker = await serverMarker(options.data)
  for (let attempt = 1; ; attempt++) {
    const stalePid = await clearPredecessor(options.data, marker)
    const launched = await tryLaunching(options, marker, stalePid)
    if ('stop' in launched) return launched
    const passing =
      (await isTaken(launched.port)) || (await isHeldByAnother(options.data, marker, stalePid))
    if (attempt < ATTEMPTS && passing) continue
    throw new EmbeddedPostgresError(
      `PostgreSQL did not start on ${options.data} (${launched.lastWords}); ` +
        'correct that, set DATA_DIR to another folder, or set DATABASE_URL',
    )
  }
}

async function tryLaunching(options: LaunchOptions, marker: string, stalePid: number | null) {
  const { account, binaries, data } = options
  const port = await (options.choosePort ?? freePort)()
  const log = await openServerLog(options.dataDir, options.onLog)
  const base = runAs(account)
  const server = spawn(
    binaries.postgres,
    serverArguments({ data, port, marker, owner: await ourselves() }),
    {
      ...base,
      // pg_ctl's way of telling PostgreSQL that a living process is no server although the stale
      // lock file names its pid (CreateLockFile in miscinit.c). The file itself must stay: it
      // holds the shared memory key by which PostgreSQL sees survivors.
      env: stalePid ? { ...base.env, PG_GRANDPARENT_PID: String(stalePid) } : base.env,
      // A session of its own: Ctrl-C in the terminal is for us, and we stop it when we are ready.
      detached: process.platform !== 'win32',
      stdio: ['ignore', log.sink, log.sink],
    },
  )
  log.attach(server)
  const end = await becomeReady(server, data)
  const lastWords = end === 'ready' ? '' : `${await log.lastWords()}${end}`
  await log.close()
  if (end !== 'ready') return { port, lastWords }
  server.unref() // nor must it keep a program alive that has nothing else to do
  return { port, stop: stopServer(server, data, binaries.pgCtl) }
}

/** Whether a start that failed lost to another one, or to a dead server's last processes. */
async function isHeldByAnother(data: string, marker: string, stalePid: number | null) {
  const holder = (await readPostmasterFile(data))?.pid ?? Number.NaN
  const another = holder !== stalePid && (await inspectProcess(holder)) !== null
  return another || (await findSurvivors(marker)).length > 0
}
