import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import {
  type ExportHeader,
  indexOfLine,
  parseExportHeader,
} from '../../sealing/record/export-file.ts'
import { openInThreads } from './open-in-threads.ts'
import type { LineOutcome, ThreadKeys } from './open-records.worker.ts'
import { explainReadError, UnsealError } from './unseal-error.ts'

export interface OpenedExport {
  header: ExportHeader
  /** As it stands in the file, a character for each byte. */
  headerLine: string
  /** In the order of the file, a share at a time. Close it by finishing or leaving the loop. */
  outcomes: AsyncGenerator<LineOutcome[]>
}

export interface OpenOptions {
  /** Accept a file that was cut short. */
  salvage: boolean
  /** Entries of the log whose records are wanted; all others stay sealed. Null: all records are wanted. */
  only: ReadonlySet<number> | null
  /** When it aborts, the next share is refused. */
  signal: AbortSignal
}

/**
 * Opens an export in threads, in memory that doesn't grow with it.
 *
 * @throws UnsealError when the file is none, or ends in the middle of a line; from `outcomes` when it
 *   turns out to have fewer records than it says
 */
export async function openExport(
  path: string,
  keys: ThreadKeys,
  { salvage, only, signal }: OpenOptions,
): Promise<OpenedExport> {
  const lines = readLines(path)
  const [first, ...more] = (await lines.next()).value ?? []
  const headerLine = first?.text ?? ''
  const header = parseExportHeader(Buffer.from(headerLine, 'latin1').toString())
  try {
    if (!header) throw noExport(path, headerLine)
    // Told at once: the other signs of a cut show at the end, which may be an hour away.
    if (!salvage && !(await endsItsLine(path))) throw cutShort(path, 'its last line breaks off')
  } catch (error) {
    await lines.return(undefined)
    throw error
  }
  const pick = (some: Line[]) =>
    only ? some.filter(({ text }) => only.has(indexOfLine(text) ?? -1)) : some
  async function* countLines(): AsyncGenerator<Line[]> {
    let count = more.length
    yield pick(more)
    for await (const some of lines) {
      count += some.length
      if (signal.aborted) throw new UnsealError('stopped: nothing was written')
      yield pick(some)
    }
    if (count < header!.records && !salvage) {
      throw cutShort(path, `it says that it has ${header!.records} records and has ${count}`)
    }
  }
  const expected = only?.size ?? header.records
  const outcomes = openInThreads(countLines(), header.petition, keys, expected)
  return { header, headerLine, outcomes }
}

async function endsItsLine(path: string): Promise<boolean> {
  try {
    const file = await open(path)
    try {
      const { size } = await file.stat()
      const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
      return buffer[0] === 0x0a
    } finally {
      await file.close()
    }
  } catch (error) {
    throw explainReadError(path, error)
  }
}

const cutShort = (path: string, why: string) =>
  new UnsealError(
    `${path} is not whole: ${why}; nothing was written. Export or copy it again, or add --salvage for what is there`,
  )

function noExport(path: string, headerLine: string): UnsealError {
  if (/"format":"undersigned-sealed\/(?!1")\d/.test(headerLine)) {
    return new UnsealError(`${path} is from a newer version of this program: open it with that one`)
  }
  return new UnsealError(
    `${path} is no export of sealed records, or its first line is damaged: make one with "undersigned export signatures"`,
  )
}

/** A record with the longest comment in the widest script, to ten recipients, is under 20 kB. */
const LONGEST_LINE = 1_000_000
const CHUNK_BYTES = 1 << 18

export interface Line {
  /** Of the line in the file, from 1. */
  number: number
  /** A character for each byte: a line that isn't ASCII, and so no record, can be copied as it was. */
  text: string
}

/**
 * The lines of a file, a chunk at a time, without their ends. Empty lines are counted, not given.
 *
 * @throws UnsealError when it can't be read or is no text of lines
 */
export async function* readLines(path: string): AsyncGenerator<Line[]> {
  const stream = createReadStream(path, { encoding: 'latin1', highWaterMark: CHUNK_BYTES })
  let number = 0
  let rest = ''
  const toLine = (text: string): Line => ({ number: ++number, text: text.replace(/\r$/, '') })
  try {
    for await (const chunk of stream as AsyncIterable<string>) {
      const texts = (rest + chunk).split('\n')
      rest = texts.pop()!
      if (rest.length > LONGEST_LINE) {
        throw new UnsealError(
          `${path} is no export of sealed records: line ${number + texts.length + 1} is longer than 1 MB`,
        )
      }
      if (texts.length > 0) yield texts.map(toLine).filter(({ text }) => text !== '')
    }
  } catch (error) {
    throw explainReadError(path, error)
  }
  if (rest !== '') yield [toLine(rest)]
}
