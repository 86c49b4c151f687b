import { createReadStream } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { decodeText, explainEncoding } from '../../platform/files/decode-text.ts'
import { AGE_START_OF_ANY } from '../../sealing/age/open-sealed.ts'
import { explainReadError, UnsealError } from './unseal-error.ts'

/** Keys and challenges are a few hundred bytes; a list of signers named by mistake is gigabytes. */
const LARGEST_BYTES = 100_000

/** Reads a file, or the standard input for `-`. @throws UnsealError */
export async function readSmallFile(path: string): Promise<Buffer> {
  const stream = path === '-' ? process.stdin : createReadStream(path, { end: LARGEST_BYTES })
  let bytes: Buffer
  try {
    bytes = await buffer(stream)
  } catch (error) {
    throw explainReadError(path, error)
  }
  if (bytes.length <= LARGEST_BYTES) return bytes
  throw new UnsealError(`${path} is no key and no challenge: it is larger than 100 kB`)
}

/** Whether it is age's own binary format, which is no text. */
export const isSealedFile = (bytes: Buffer) =>
  bytes.toString('latin1', 0, AGE_START_OF_ANY.length) === AGE_START_OF_ANY

/** The text of bytes that `readSmallFile` gave. @throws UnsealError when they are no UTF-8 */
export function toText(bytes: Uint8Array, path: string): string {
  const text = decodeText(bytes)
  if (text !== null) return text
  throw new UnsealError(explainEncoding(bytes, path === '-' ? null : path))
}
