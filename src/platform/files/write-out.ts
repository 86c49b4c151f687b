import { randomUUID } from 'node:crypto'
import { link, open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { escapeLines } from '../terminal/escape-unsafe.ts'
import { explainFileError } from './explain-errno.ts'
import { ExportError } from './export-error.ts'

/** Process.stdout, or what a test puts in its place. */
export type Stdout = NodeJS.WritableStream & { isTTY?: boolean }

const FILE_CALLS = new Set(['open', 'write', 'fsync', 'rename', 'link', 'close'])

/**
 * Writes the file whole or not at all: to a neighbour first, which then takes the name. A crash leaves
 * the old file, and at worst a `.part` beside it.
 *
 * @param content what is streamed is written as it comes
 * @param mode of the file, less the umask: 0o600 is for its owner alone
 * @param overwrite false: a file of that name stays, even if it came up meanwhile
 * @throws ExportError; what the stream itself throws passes through
 */
export async function writeFileWhole(
  path: string,
  content: string | Buffer | AsyncIterable<string | Uint8Array>,
  { mode = 0o666, overwrite = true }: { mode?: number; overwrite?: boolean } = {},
): Promise<void> {
  const part = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`)
  try {
    const file = await open(part, 'wx', mode)
    try {
      await writeFile(file, content)
      // Else a power cut after the rename could leave an empty file under the right name.
      await file.sync()
    } finally {
      await file.close()
    }
    await (overwrite ? rename(part, path) : takeFreeName(part, path))
  } catch (error) {
    await rm(part, { force: true }).catch(() => {})
    if (!FILE_CALLS.has((error as NodeJS.ErrnoException).syscall ?? '')) throw error
    throw new ExportError(`${explainFileError(path, 'written', error)}; choose another --out`)
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

/** On a terminal made harmless, else byte for byte. A reader such as `head` that has left is no failure. */
export async function writeToStdout(stdout: Stdout, content: string | Buffer): Promise<void> {
  const shown = stdout.isTTY && typeof content === 'string' ? escapeLines(content) : content
  try {
    await pipeline(Readable.from([shown]), stdout, { end: false })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  }
}
