import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { equalBytes } from '../platform/bytes.ts'
import { replaceFile } from '../platform/files/write-whole.ts'

/** Where a node keeps the log outside the database: a public copy, but for files that say otherwise. */
export const logFolder = ({ dataDir }: { dataDir: string }): string => join(dataDir, 'log')

/** The mailbox tags of entries: beside that folder and not in it, since nobody else may read them. */
export const tagsFile = ({ dataDir }: { dataDir: string }): string => join(dataDir, 'mailbox-tags')

/**
 * The last checkpoint that this node signed, outside the database: a database that is older than it
 * was restored from a backup, and must not sign another history than the one that the world has seen.
 */
const LAST_SIGNED = 'last-signed'

/** Null when this node has signed nothing yet. */
export async function readSigned(
  folder: string,
): Promise<{ note: Uint8Array; path: string } | null> {
  const path = join(folder, LAST_SIGNED)
  try {
    return { note: await readFile(path), path }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** The caller has checked that the checkpoint extends the one that is kept. Durable when it returns. */
export async function keepSigned(folder: string, note: Uint8Array): Promise<void> {
  const before = await readSigned(folder)
  if (before && equalBytes(before.note, note)) return
  await mkdir(folder, { recursive: true, mode: 0o755 })
  await replaceFile(join(folder, LAST_SIGNED), note)
}
