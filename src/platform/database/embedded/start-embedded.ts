/**
 * The embedded database: a PostgreSQL from npm packages, for a machine that has none. This folder knows nothing
 * of the site and could be a package of its own: beside Node.js and `pg` it needs `data-dir.ts`, `files/`,
 * `sql-state.ts` and `expected-error.ts` of the platform.
 */
import { join } from 'node:path'
import { explainFault, prepareDataDir } from '../../data-dir.ts'
import { chooseAccount } from './account.ts'
import { type Binaries, chooseBinaries } from './choose-binaries.ts'
import { EmbeddedPostgresError } from './errors.ts'
import { keepRunning } from './keep-running.ts'
import { type LaunchedServer, type LaunchOptions, launchServer } from './launch-server.ts'
import { type Cluster, placeCluster } from './place-cluster.ts'
import { ensureDatabase, keepPassword, resetPassword, serverUrl } from './superuser.ts'

export { EmbeddedPostgresError } from './errors.ts'
export { findRunningEmbedded, hasCluster, refuseWhileRunning } from './find-running.ts'

interface EmbeddedPostgres {
  /** postgres://… URL of the `undersigned` database, on 127.0.0.1 */
  url: string
  /** Set when root had to put binaries or data elsewhere: where they lie, for the start lines. */
  staged: { binaries: string; data: string; why: string } | null
  /** Ends every session, writes everything out and waits for the server to be gone. */
  stop(): Promise<void>
}

/**
 * Runs a PostgreSQL of our own on the data in DATA_DIR, until `stop` or until this process exits.
 * It belongs to this process: a second start for the same DATA_DIR is refused while this one lives,
 * and a server that outlived a killed owner is stopped first.
 *
 * @param options.onLog receives the server's log lines; without it they go to DATA_DIR/postgres.log
 * @param options.onEnd has a server that ended by itself started again, and receives a line about each step; without
 *   it such a server stays away
 * @throws EmbeddedPostgresError or DataDirError with one line for the operator
 */
export async function startEmbedded(options: {
  dataDir: string
  onLog?: (line: string) => void
  onEnd?: (line: string) => void
}): Promise<EmbeddedPostgres> {
  try {
    const dataDir = await prepareDataDir(options.dataDir)
    const account = await chooseAccount(join(dataDir, 'postgres'))
    const binaries = await chooseBinaries(account, dataDir)
    const cluster = await placeCluster(dataDir, account, binaries)
    const { onLog, onEnd } = options
    const launch: LaunchOptions = { ...cluster, dataDir, account, binaries, onLog }
    const { server, url } = await openServer(launch)
    const launchOn = (port: number) => launchServer({ ...launch, choosePort: async () => port })
    const { stop } = onEnd ? keepRunning(server, launchOn, onEnd) : server
    return { url, stop, staged: describeStaging(binaries, cluster) }
  } catch (error) {
    throw explainFault(error, options.dataDir)
  }
}

/** Launches the server and opens our database in it, if need be with a new password. */
async function openServer(
  options: LaunchOptions,
  mayReset = true,
): Promise<{ server: LaunchedServer; url: string }> {
  const server = await launchServer(options)
  try {
    const password = await keepPassword(options.dataDir)
    if ((await ensureDatabase(password, server.port)) === 'ready') {
      return { url: serverUrl(password, server.port), server }
    }
    if (!mayReset) throw new EmbeddedPostgresError(`${options.data} refuses its own password`)
    await server.stop()
    await resetPassword(options.data, password, options.account, options.binaries)
  } catch (error) {
    await server.stop()
    throw error
  }
  return openServer(options, false)
}

function describeStaging(binaries: Binaries, cluster: Cluster) {
  const why = [binaries.stagedBecause, cluster.stagedBecause].filter((reason) => reason !== null)
  if (why.length === 0) return null
  return { binaries: binaries.folder, data: cluster.data, why: why.join('; ') }
}
