import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LogSource } from '../core/check/check-log.ts'
import { bundlePath, tilePath } from '../core/tile/tile-path.ts'
import { AuditError } from './audit-error.ts'
import { plainText } from './plain-text.ts'

/** Opens a log by a site's address or a folder. Nothing of it is verified yet. @throws AuditError */
export type OpenSource = (at: string) => Promise<{ source: LogSource; vkey: string }>

const TIMEOUT_MS = 30_000

type Read = (path: string) => Promise<Uint8Array | null>

/** The log as it is served now, or as a copy holds it: each file under the path of its own size. */
export const openSource: OpenSource = async (at) => {
  const read = /^https?:\/\//i.test(at) ? readFromSite(at) : await readFromFolder(at)
  const [checkpoint, vkey] = [await read('checkpoint'), await read('vkey')]
  if (!checkpoint || !vkey) {
    throw new AuditError(`${plainText(at)} has no public log (yet): check the address`)
  }
  const source: LogSource = {
    checkpoint,
    getTile: (level, n, width) => read(tilePath({ level, n, width })),
    getBundle: (n, width) => read(bundlePath({ n, width })),
  }
  return { source, vkey: Buffer.from(vkey).toString().trim() }
}

function readFromSite(at: string): Read {
  const base = `${at.replace(/\/+$/, '').replace(/\/log$/, '')}/log/`
  return async (path) => {
    try {
      const answer = await fetch(base + path, { signal: AbortSignal.timeout(TIMEOUT_MS) })
      if (answer.status === 404) return null
      if (!answer.ok) throw new Error(`it answers ${answer.status}`)
      return new Uint8Array(await answer.arrayBuffer())
    } catch (error) {
      const { message, cause } = error as Error
      const why = (cause as { code?: string } | undefined)?.code ?? message
      throw new AuditError(`${plainText(base + path)} can't be read: ${plainText(why)}; try again`)
    }
  }
}

async function readFromFolder(folder: string): Promise<Read> {
  const names = await readdir(folder).catch(() => null)
  if (!names) throw new AuditError(`${plainText(folder)} is no folder and no address (https://…)`)
  return async (path) => {
    try {
      return await readFile(join(folder, path))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOENT' || code === 'ENOTDIR') return null
      throw new AuditError(`${plainText(join(folder, path))} can't be read: ${code}`)
    }
  }
}
