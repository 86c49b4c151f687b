import { createReadStream } from 'node:fs'
import { UnsealError } from './unseal-error.ts'

/** A record with the longest comment in the widest script, to ten recipients, is under 20 kB. */
const LONGEST_LINE = 1_000_000

/**
 * The lines of a file, a chunk at a time, without their ends.
 *
 * @param onBytes told how many bytes were read
 * @throws UnsealError when it can't be read or is no text of lines
 */
export async function* readLines(
  path: string,
  onBytes: (bytes: number) => void,
): AsyncGenerator<string[]> {
  let rest = ''
  try {
    for await (const chunk of createReadStream(path, {
      encoding: 'utf8',
      highWaterMark: 1 << 18,
    })) {
      onBytes(Buffer.byteLength(chunk as string))
      const lines = (rest + chunk).split('\n')
      rest = lines.pop()!
      if (rest.length > LONGEST_LINE) {
        throw new UnsealError(`${path} is no export of sealed records: a line of it never ends`)
      }
      yield lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
    }
  } catch (error) {
    const { syscall, code } = error as NodeJS.ErrnoException
    if (!syscall) throw error
    throw new UnsealError(`${path} can't be read (${code}): check its name`)
  }
  if (rest !== '') yield [rest]
}
