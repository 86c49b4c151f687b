import { createReadStream } from 'node:fs'
import { explainReadError, UnsealError } from './unseal-error.ts'

/** A record with the longest comment in the widest script, to ten recipients, is under 20 kB. */
const LONGEST_LINE = 1_000_000
const CHUNK_BYTES = 1 << 18

export interface Line {
  /** Of the line in the file, from 1. */
  number: number
  /** A character for each byte: what is no ASCII, and so no record, can be copied as it was. */
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
