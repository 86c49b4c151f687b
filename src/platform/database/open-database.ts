import { DataDirError } from '../data-dir.ts'
import { findRunningEmbedded, hasCluster, startEmbedded } from './embedded/start-embedded.ts'

interface OpenDatabase {
  url: string
  staged: { binaries: string; data: string; why: string } | null
  close(): Promise<void>
}

const nothing = async () => {}

/**
 * DATABASE_URL's server; else the one that another process already runs for this DATA_DIR (only for
 * commands that may share it); else PostgreSQL started here and stopped by `close`.
 *
 * @param onEnd see startEmbedded
 */
export async function openDatabase(
  config: { databaseUrl: string | null; dataDir: string },
  { share, onEnd }: { share: boolean; onEnd?: (line: string) => void },
): Promise<OpenDatabase> {
  if (config.databaseUrl) return { url: config.databaseUrl, staged: null, close: nothing }
  const running = share ? await findRunningEmbedded(config.dataDir) : null
  if (running) return { url: running, staged: null, close: nothing }
  const embedded = await startEmbedded({ dataDir: config.dataDir, onEnd })
  return { url: embedded.url, staged: embedded.staged, close: () => embedded.stop() }
}

/**
 * For commands, before they open anything: with a wrong DATA_DIR they would make an empty database there and
 * work on it.
 *
 * @throws DataDirError when no start has made a database in DATA_DIR
 */
export async function requireDatabase(config: {
  databaseUrl: string | null
  dataDir: string
}): Promise<void> {
  if (config.databaseUrl || (await hasCluster(config.dataDir))) return
  throw new DataDirError(
    `there is no database in ${config.dataDir}, and only "undersigned start" makes one: set DATA_DIR to the folder of the site, or DATABASE_URL to its database`,
  )
}
