import { chmod, mkdir, realpath, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { absent } from '../embedded-error.ts'

/**
 * Makes DATA_DIR when it is not there and returns its real path. One that we make lets root's
 * system user pass through but not list it; one that is there keeps its mode.
 */
export async function prepareDataDir(dataDir: string): Promise<string> {
  const path = resolve(dataDir)
  if (!(await stat(path).catch(absent))) {
    await mkdir(path, { recursive: true })
    if (process.platform !== 'win32') await chmod(path, process.geteuid?.() === 0 ? 0o711 : 0o700)
  }
  return realpath(path)
}
