import { createReadStream } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { explainReadError, UnsealError } from '../unseal/unseal-error.ts'

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
