import { spawn } from 'node:child_process'
import { becomeReady } from './become-ready.ts'
import type { LaunchedServer, LaunchOptions } from './launch-server.ts'
import { ourselves } from './owner.ts'
import { runAs } from './run-as.ts'
import { serverArguments } from './server-arguments.ts'
import { openServerLog } from './server-log.ts'
import { stopServer } from './stop-server.ts'

export interface FailedLaunch {
  failedOn: number
  why: string
}

/** One try to run a server on this port: it becomes ready, or ends by itself. */
export async function spawnServer(
  options: LaunchOptions & { port: number; marker: string; stalePid: number | null },
): Promise<LaunchedServer | FailedLaunch> {
  const { account, binaries, data, port } = options
  const log = await openServerLog(options.dataDir, options.onLog)
  const base = runAs(account)
  const server = spawn(
    binaries.postgres,
    serverArguments({ ...options, owner: await ourselves() }),
    {
      ...base,
      env: { ...base.env, ...overlook(options.stalePid) },
      // A session of its own: Ctrl-C in the terminal is for us, and we stop it when we are ready.
      detached: process.platform !== 'win32',
      stdio: ['ignore', log.sink, log.sink],
    },
  )
  log.attach(server)
  const end = await becomeReady(server, data)
  const why = end === 'ready' ? '' : `${await log.fault()}; ${end}`
  await log.close()
  if (end !== 'ready') return { failedOn: port, why }
  server.unref() // nor must it keep a program alive that has nothing else to do
  return { port, stop: stopServer(server, data, binaries.pgCtl) }
}

/**
 * pg_ctl's way of telling PostgreSQL that a process is no server although a stale lock file names
 * its pid (CreateLockFile in miscinit.c). The file must stay: by the shared memory key in it
 * PostgreSQL notices a dead server's last processes.
 */
function overlook(stalePid: number | null) {
  return stalePid === null ? {} : { PG_GRANDPARENT_PID: String(stalePid) }
}
