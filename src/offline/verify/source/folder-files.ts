import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isAbsent } from '../../../platform/files/explain-errno.ts'
import { toVerifyError, VerifyError } from '../verify-error.ts'
import type { LogFiles } from './log-files.ts'

/** A folder with `checkpoint`, `vkey` and `tile/` in it. */
export function folderFiles(folder: string): LogFiles {
  return {
    read: (path, limit) => readFileUpTo(join(folder, path), limit),
    async listWidths(fullPath) {
      const names = await readdir(join(folder, `${fullPath}.p`)).catch(() => [])
      const widths = names.filter((name) => /^[1-9]\d{0,2}$/.test(name)).map(Number)
      return widths.sort((a, b) => a - b)
    },
  }
}

/** @throws VerifyError when the file is there and can't be read */
export async function readFileUpTo(path: string, limit: number): Promise<Uint8Array | null> {
  try {
    const file = await open(path)
    try {
      const stats = await file.stat()
      // Also a device or a pipe, from which one could read for ever.
      if (!stats.isFile()) throw new VerifyError(`${path} is no plain file: check its name`)
      const buffer = Buffer.allocUnsafe(Math.min(stats.size, limit + 1))
      let at = 0
      while (at < buffer.length) {
        const { bytesRead } = await file.read(buffer, at, buffer.length - at)
        if (bytesRead === 0) break
        at += bytesRead
      }
      return buffer.subarray(0, at)
    } finally {
      await file.close()
    }
  } catch (error) {
    if (isAbsent(error)) return null
    throw toVerifyError(path, 'read', error)
  }
}
