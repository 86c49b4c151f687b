import { type ByteReader, MalformedStream } from './byte-reader.ts'

/**
 * Files one after the other in the format that every `tar` reads (POSIX ustar). A header tells its file's
 * length, so each is handed over whole; what is long comes as several.
 */

const BLOCK = 512
/** The header says a length in eleven octal digits. */
const LARGEST = 8 ** 11 - 1
const LONGEST_NAME = 100
const FILE = '0'

/** @param path at most 100 bytes @param mode of the file once it is unpacked */
export function tarFile(
  path: string,
  content: Uint8Array,
  { mtime, mode = 0o600 }: { mtime: Date; mode?: number },
): Buffer {
  const name = Buffer.from(path)
  if (name.length > LONGEST_NAME || content.length > LARGEST) {
    throw new RangeError(`${path} does not fit into a tar`)
  }
  const header = Buffer.alloc(BLOCK)
  name.copy(header)
  header.write(octal(mode, 7), 100)
  header.write(octal(0, 7), 108)
  header.write(octal(0, 7), 116)
  header.write(octal(content.length, 11), 124)
  header.write(octal(Math.floor(mtime.getTime() / 1000), 11), 136)
  header.write(FILE, 156)
  header.write('ustar\u000000', 257, 'latin1')
  header.write(`${octal(sumOf(header), 6)}\0 `, 148, 'latin1')
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)
  return Buffer.concat([header, content, padding])
}

export const TAR_END = Buffer.alloc(2 * BLOCK)

/** The next file; its content has to be taken from the reader, by `endFile` at last. Null at the end of the tar. */
export async function readTarHeader(
  reader: ByteReader,
): Promise<{ path: string; size: number } | null> {
  const header = await reader.take(BLOCK)
  if (header.every((byte) => byte === 0)) return null
  const said = parseOctal(header.subarray(148, 156))
  const isFile = header.toString('latin1', 156, 157) === FILE
  if (said !== sumOf(header) || !isFile) throw new MalformedStream('it is no tar of plain files')
  const name = header.subarray(0, LONGEST_NAME)
  const end = name.indexOf(0)
  const path = name.toString('utf8', 0, end < 0 ? LONGEST_NAME : end)
  return { path, size: parseOctal(header.subarray(124, 136)) }
}

/** Passes over the filling after a file of that size. */
export async function endFile(reader: ByteReader, size: number): Promise<void> {
  await reader.take((BLOCK - (size % BLOCK)) % BLOCK)
}

const octal = (number: number, digits: number) => number.toString(8).padStart(digits, '0')

/** The sum of a header's bytes, its own field counted as spaces. */
function sumOf(header: Buffer): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0)
}

function parseOctal(field: Buffer): number {
  const [, digits] = /^([0-7]{1,11})[\0 ]*$/.exec(field.toString('latin1')) ?? []
  if (!digits) throw new MalformedStream('a number in its tar is none')
  return Number.parseInt(digits, 8)
}
