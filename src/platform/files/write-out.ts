import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ExpectedError } from '../expected-error.ts'
import { escapeLines } from '../terminal/escape-unsafe.ts'
import { explainFileError } from './explain-errno.ts'
import { type FileContent, writeBeside } from './write-whole.ts'

/** An export that can't be: the message is one line for the person at the terminal. */
export class ExportError extends ExpectedError {}

/** `process.stdout`, or a test's replacement. */
export type Stdout = NodeJS.WritableStream & { isTTY?: boolean }

const FILE_CALLS = new Set(['open', 'write', 'fsync', 'rename', 'link', 'close'])

/**
 * Writes the file of `--out`, whole or not at all: see `writeBeside` for mode and overwrite.
 *
 * @throws ExportError; an error of the stream itself passes through
 */
export async function writeFileWhole(
  path: string,
  content: FileContent,
  options: { mode?: number; overwrite?: boolean } = {},
): Promise<void> {
  try {
    await writeBeside(path, content, options)
  } catch (error) {
    if (!FILE_CALLS.has((error as NodeJS.ErrnoException).syscall ?? '')) throw error
    throw new ExportError(`${explainFileError(path, 'written', error)}; choose another --out`)
  }
}

/** To a terminal in safe characters, else byte for byte. A reader such as `head` that has left is no failure. */
export async function writeToStdout(stdout: Stdout, content: string | Buffer): Promise<void> {
  const shown = stdout.isTTY && typeof content === 'string' ? escapeLines(content) : content
  try {
    await pipeline(Readable.from([shown]), stdout, { end: false })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  }
}
