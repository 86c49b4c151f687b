import type { Account } from './choose-account.ts'
import type { Binaries } from './choose-binaries.ts'
import { clearPredecessor } from './clear-predecessor.ts'
import { EmbeddedPostgresError } from './embedded-error.ts'
import { freePort, isTaken } from './free-port.ts'
import { inspectProcess } from './inspect-process.ts'
import { readPostmasterFile } from './postmaster-file.ts'
import { findSurvivors, serverMarker } from './recognise-server.ts'
import { spawnServer } from './spawn-server.ts'

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
