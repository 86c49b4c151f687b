import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { prepareDataDir } from '../platform/data-dir.ts'
import { replaceFile } from '../platform/files/write-whole.ts'

/** Under DATA_DIR: when this machine last made a backup, for /metrics and the doctor. */
const FILE = 'last-backup.json'

export interface LastBackup {
  /** When its copy of the database was taken. */
  at: Date
  bytes: number
}

/** Null when this machine has made none, or the file can't be read as one. */
export async function readLastBackup({ dataDir }: { dataDir: string }): Promise<LastBackup | null> {
  const text = await readFile(join(dataDir, FILE), 'utf8').catch(() => null)
  if (text === null) return null
  const at = new Date(/"at": ?"([^"]+)"/.exec(text)?.[1] ?? '')
  const bytes = Number(/"bytes": ?(\d+)/.exec(text)?.[1])
  return Number.isNaN(at.getTime()) || Number.isNaN(bytes) ? null : { at, bytes }
}

/** Once the backup is durable. */
export async function keepLastBackup(
  { dataDir }: { dataDir: string },
  { at, bytes }: LastBackup,
): Promise<void> {
  const folder = await prepareDataDir(dataDir)
  await replaceFile(join(folder, FILE), `${JSON.stringify({ at, bytes })}\n`, { mode: 0o600 })
}
