import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { absent } from './embedded-error.ts'

/** What a running server says of itself in `postmaster.pid`. */
export interface PostmasterFile {
  /** NaN while the file is being written, and when a full disk left it empty. */
  pid: number
  port: number
  /** True once it takes connections. */
  ready: boolean
}

/**
 * Lines as in PostgreSQL's utils/pidfile.h: pid, data folder, start time, port, socket folder,
 * listen address, shared memory key, status. A single-user backend writes its pid negative.
 */
export async function readPostmasterFile(data: string): Promise<PostmasterFile | null> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(absent)
  if (text === null) return null
  const lines = text.split('\n')
  return {
    pid: Math.abs(Number.parseInt(lines[0] ?? '', 10)),
    port: Number(lines[3]),
    ready: lines[7]?.trim() === 'ready',
  }
}
