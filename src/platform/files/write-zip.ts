import { Zip, ZipDeflate, ZipPassThrough } from 'fflate'
import { concatBytes } from '../bytes.ts'
import { ExpectedError } from '../expected-error.ts'

/** ZIP counts in 32 bits, and files in 16. */
const LARGEST = 0xffff_ffff
const MOST_FILES = 0xffff
/** The levels above take twice the time for a tenth less. */
const LEVEL = 3

export class ZipTooLargeError extends ExpectedError {}

export interface ZipFile {
  path: string
  content: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>
  /** What is packed or encrypted already is stored as it is. */
  isStored?: boolean
}

/**
 * A ZIP as its files come: a few of their pieces are in memory at a time.
 *
 * @throws ZipTooLargeError beyond 4 GB, or 65,535 files
 */
export async function* writeZip(
  files: AsyncIterable<ZipFile>,
  { made }: { made: Date },
): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = []
  let size = 0
  let count = 0
  const zip = new Zip((error, bytes) => {
    if (error) throw error
    ready.push(bytes)
    size += bytes.length
  })
  const take = () => {
    if (size > LARGEST || count > MOST_FILES) {
      throw new ZipTooLargeError('the ZIP would be larger than the format allows, which is 4 GB')
    }
    const bytes = concatBytes(...ready)
    ready = []
    return bytes
  }
  for await (const { path, content, isStored } of files) {
    count++
    const file = isStored ? new ZipPassThrough(path) : new ZipDeflate(path, { level: LEVEL })
    file.mtime = made
    zip.add(file)
    for await (const piece of content) {
      file.push(typeof piece === 'string' ? Buffer.from(piece) : piece)
      if (ready.length > 0) yield take()
    }
    file.push(new Uint8Array(), true)
    yield take()
  }
  zip.end()
  yield take()
}
