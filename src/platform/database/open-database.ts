import { findRunningEmbedded, startEmbedded } from './embedded/start-embedded.ts'

export interface OpenDatabase {
  url: string
  staged: { binaries: string; data: string; why: string } | null
  close(): Promise<void>
}

const nothing = async () => {}

/**
 * DATABASE_URL's server; else the one that another process already runs for this DATA_DIR (only for
 * commands that may share it); else PostgreSQL started here and stopped by `close`.
 */
export async function openDatabase(
  config: { databaseUrl: string | null; dataDir: string },
  { share }: { share: boolean },
): Promise<OpenDatabase> {
  if (config.databaseUrl) return { url: config.databaseUrl, staged: null, close: nothing }
  const running = share ? await findRunningEmbedded(config.dataDir) : null
  if (running) return { url: running, staged: null, close: nothing }
  const embedded = await startEmbedded({ dataDir: config.dataDir })
  return { url: embedded.url, staged: embedded.staged, close: () => embedded.stop() }
}
