import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type FileContent, writeBeside } from '../../platform/files/write-whole.ts'
import { toVerifyError } from './verify-error.ts'

/**
 * Writes a file whole or not at all, for its owner alone, and the folders above it. Doesn't wait for the
 * disk: a log is tens of thousands of files, and each is checked after reading.
 *
 * @throws VerifyError
 */
export async function keepFile(path: string, content: FileContent): Promise<void> {
  try {
    const folder = dirname(path)
    if (!existsSync(folder)) await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeBeside(path, content, { mode: 0o600, sync: false })
  } catch (error) {
    throw toVerifyError(path, 'written', error)
  }
}
