import { createReadStream } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { decodeText, explainEncoding } from '../../platform/files/decode-text.ts'
import { AGE_START_OF_ANY } from '../../sealing/age/open-sealed.ts'
import { formatRecipient, parseIdentity, parseRecipient } from '../../sealing/age/recipient.ts'
import { publicKeyOf } from '../../sealing/age/x25519.ts'
import { explainReadError, UnsealError } from './unseal-error.ts'

/**
 * The identities (`AGE-SECRET-KEY-1…`) in age key files.
 *
 * @param files `-` is the standard input
 * @throws UnsealError naming the file
 */
export async function readIdentities(files: string[]): Promise<string[]> {
  const found: string[] = []
  for (const file of new Set(files)) found.push(...(await readKeyFile(file)))
  return [...new Set(found)]
}

/** The public half of an identity, for people to compare. */
export function recipientOf(identity: string): string {
  return formatRecipient(publicKeyOf(parseIdentity(identity)!))
}

async function readKeyFile(file: string): Promise<string[]> {
  const name = file === '-' ? 'the standard input' : `the key file ${file}`
  const bytes = await readSmallFile(file)
  const text = isSealedFile(bytes) ? null : toText(bytes, file)
  if (text === null || text.startsWith('-----BEGIN AGE')) {
    throw new UnsealError(
      `${name} is locked with a passphrase: give it unlocked through the standard input, as in "age --decrypt ${file} | undersigned … --identity -"`,
    )
  }
  const lines = text.split('\n').map((line) => line.trim())
  const keys = lines.filter((line) => line !== '' && !line.startsWith('#'))
  if (keys.length === 0) {
    throw new UnsealError(`${name} holds no key: a line begins with AGE-SECRET-KEY-1`)
  }
  const wrong = keys.findIndex((line) => !parseIdentity(line))
  if (wrong < 0) return keys
  if (parseRecipient(keys[wrong]!)) {
    throw new UnsealError(
      `${name} holds a public key, which opens nothing: give the file whose line begins with AGE-SECRET-KEY-1`,
    )
  }
  // The line itself may be a key with one letter wrong: it is not repeated.
  throw new UnsealError(
    `${name}: key ${wrong + 1} is mistyped or of another kind; it begins with AGE-SECRET-KEY-1, and a wrong letter breaks it`,
  )
}

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
