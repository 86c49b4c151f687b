import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { toVerifyError } from './verify-error.ts'

/** What is streamed is written as it comes. */
type Content = string | Uint8Array | AsyncIterable<Uint8Array>

/**
 * Writes a file whole or not at all, for its owner alone, and the folders above it. A crash leaves at
 * worst a `.part` beside it. Not through write-out.ts of the exports, which waits for the disk: a log
 * is tens of thousands of files, and each is checked after reading.
 *
 * @throws VerifyError
 */
export async function writeWhole(path: string, content: Content): Promise<void> {
  const part = `${path}.${randomUUID()}.part`
  try {
    const file = await openPart(part)
    try {
      await writeFile(file, content)
    } finally {
      await file.close()
    }
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true }).catch(() => {})
    throw toVerifyError(path, 'written', error)
  }
}

async function openPart(part: string) {
  try {
    return await open(part, 'wx', 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    await mkdir(dirname(part), { recursive: true, mode: 0o700 })
    return open(part, 'wx', 0o600)
  }
}
