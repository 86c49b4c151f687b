import { formatRecipient, parseIdentity, parseRecipient } from '../../sealing/age/recipient.ts'
import { publicKeyOf } from '../../sealing/age/x25519-keys.ts'
import { isSealedFile, readSmallFile, toText } from './read-small-file.ts'
import { UnsealError } from './unseal-error.ts'

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
