import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeUtf8 } from '../log/core/canonical.ts'
import { LogRefusal } from '../log/sequencing/log-writer.ts'
import { replaceFile } from '../platform/files/write-whole.ts'

/**
 * The highest count of database_mark that this node has seen, outside the database. The identity isn't
 * kept beside it: after a rebuild on another node it would be the former one, and tell of nothing.
 */
const FILE = 'database-mark'

/** @returns 0 when there is none. @throws LogRefusal when it is none of ours */
export async function readKeptMark(folder: string): Promise<number> {
  const path = join(folder, FILE)
  const text = await readFile(path, 'latin1').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '0'
    throw error
  })
  if (/^\d{1,15}\n?$/.test(text)) return Number(text)
  throw new LogRefusal(`${path} holds no number: put it back, or remove it and see "log status"`)
}

/** Never goes back. Durable when it returns. */
export async function keepMark(folder: string, count: number): Promise<void> {
  if ((await readKeptMark(folder)) >= count) return
  await mkdir(folder, { recursive: true, mode: 0o755 })
  await replaceFile(join(folder, FILE), encodeUtf8(`${count}\n`))
}
