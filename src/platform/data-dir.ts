import { chmod, mkdir, realpath, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { ExpectedError } from './expected-error.ts'
import { findReason } from './files/explain-errno.ts'

/** DATA_DIR can't be used; the message is one line for the operator: what, why, what to do. */
export class DataDirError extends ExpectedError {
  override name = 'DataDirError'
}

/** Where the reasons of explain-errno.ts, which are about files, would mislead. */
const OF_FOLDERS = new Map([
  ['ENOTDIR', 'a file is where a folder should be'],
  ['EEXIST', 'a file is where a folder should be'],
  ['ENOENT', 'it is not there and cannot be made'],
])

/**
 * Makes DATA_DIR when it is not there and returns its real path. When root makes it, the system user that
 * PostgreSQL runs as can pass through but not list it. A folder that is there keeps its mode.
 *
 * @throws DataDirError
 */
export async function prepareDataDir(dataDir: string): Promise<string> {
  const path = resolve(dataDir)
  try {
    const made = await makeFolder(path)
    if (made && process.platform !== 'win32') {
      await chmod(path, process.geteuid?.() === 0 ? 0o711 : 0o700)
    }
    return await realpath(path)
  } catch (error) {
    throw explainFault(error, dataDir)
  }
}

/** Turns a file system's error into a line about DATA_DIR; any other error is returned as it is. */
export function explainFault(fault: unknown, dataDir: string): unknown {
  const { code = '', syscall, path } = fault as NodeJS.ErrnoException
  const words = OF_FOLDERS.get(code) ?? findReason(code, 'written')
  if (!words || !path) return fault
  return new DataDirError(
    `DATA_DIR ${resolve(dataDir)} cannot be used: ${words} (${syscall} ${path}); ` +
      'make it a writable folder with space, or set DATA_DIR to one',
    { cause: fault },
  )
}

/**
 * With the folders above it; false when it is there. Node's own recursive mkdir never returns where
 * the system says ENOENT of a new folder in one that is there, as it does below /proc.
 */
export async function makeFolder(path: string, mode?: number): Promise<boolean> {
  const found = await stat(path).catch((fault: NodeJS.ErrnoException) => {
    if (fault.code !== 'ENOENT') throw fault
  })
  if (found?.isDirectory()) return false
  const above = dirname(path)
  if (!found && above !== path) await makeFolder(above)
  try {
    await mkdir(path, { mode })
    return true
  } catch (error) {
    const isThere = async () => (await stat(path).catch(() => null))?.isDirectory()
    // Another start may just have made it.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' && (await isThere())) return false
    throw error
  }
}
