import { randomUUID } from 'node:crypto'
import { link, open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** A stream is written as it comes. */
export type FileContent = string | Uint8Array | AsyncIterable<string | Uint8Array>

/** Puts the content in the file's place. Durable when it returns: a power cut leaves the old file or the new one. */
export async function replaceFile(
  path: string,
  content: FileContent,
  { mode = 0o644 } = {},
): Promise<void> {
  await writeBeside(path, content, { mode })
  await syncFolder(dirname(path))
}

/** Makes a file that must not be there yet. Durable when it returns. @throws EEXIST when the name is taken */
export async function createFile(
  path: string,
  content: FileContent,
  { mode = 0o644 } = {},
): Promise<void> {
  await writeBeside(path, content, { mode, overwrite: false })
  await syncFolder(dirname(path))
}

/**
 * Writes a file whole or not at all: under another name in the same folder, which then becomes its own. A
 * crash leaves the old file, and at worst a `.part` beside it.
 *
 * @param mode of the file, less the umask: 0o600 is for its owner alone
 * @param overwrite false: a file of that name stays, even if it came up meanwhile
 * @param sync false: for many files that are checked when they are read; a power cut may leave them empty
 */
export async function writeBeside(
  path: string,
  content: FileContent,
  { mode = 0o666, overwrite = true, sync = true } = {},
): Promise<void> {
  const part = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`)
  try {
    const file = await open(part, 'wx', mode)
    try {
      await writeFile(file, content)
      // Else a power cut after the rename could leave an empty file under the right name.
      if (sync) await file.sync()
    } finally {
      await file.close()
    }
    await (overwrite ? rename(part, path) : takeFreeName(part, path))
  } catch (error) {
    await rm(part, { force: true }).catch(() => {})
    throw error
  }
}

/** A link, unlike a rename, never replaces what is there. */
async function takeFreeName(part: string, path: string): Promise<void> {
  try {
    await link(part, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error
    // A disk without links, such as many a USB stick's: a look just before is the next best.
    const taken = await stat(path).catch(() => null)
    if (taken) throw Object.assign(new Error('taken'), { code: 'EEXIST', syscall: 'link' })
    return rename(part, path)
  }
  await rm(part)
}

/** Without this a power cut could take a rename back. Windows has no such call and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
