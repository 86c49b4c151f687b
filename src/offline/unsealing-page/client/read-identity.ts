import { armor, Decrypter } from 'age-encryption'
import { AGE_START_OF_ANY } from '../../../sealing/age/open-sealed.ts'
import { parseIdentity } from '../../../sealing/age/recipient.ts'

const LOCKED_BY_PASSPHRASE = /^age-encryption\.org\/v1\n-> scrypt /
const ARMOUR = '-----BEGIN AGE ENCRYPTED FILE-----'
/** Of other kinds: the server seals to X25519 keys alone. */
const OTHER_KEY = /^AGE-(SECRET-KEY-(?!1)|PLUGIN-)/i
const OUR_KEY = /^AGE-SECRET-KEY-1/i

/** Why a text is of no use as a key. */
export type KeyFault = 'none' | 'mistyped' | 'otherKind' | 'publicPart' | 'sealedItself'

export type Key =
  | { kind: 'identities'; identities: string[] }
  /** An identity file that `age --passphrase` made. */
  | { kind: 'locked'; sealed: Uint8Array }
  | { kind: 'fault'; fault: KeyFault }

/** The keys in an identity file, or in a line out of one. */
export function readIdentity(bytes: Uint8Array): Key {
  const text = new TextDecoder().decode(bytes).trim()
  const sealed = text.startsWith(ARMOUR) ? dearmour(text) : bytes
  if (!sealed) return fault('none')
  const start = new TextDecoder().decode(sealed.subarray(0, 64))
  if (isLocked(start)) return { kind: 'locked', sealed }
  if (start.startsWith(AGE_START_OF_ANY)) return fault('sealedItself')
  return readLines(text)
}

/** @param start of a file */
export const isLocked = (start: string): boolean => LOCKED_BY_PASSPHRASE.test(start)

function readLines(text: string): Key {
  const lines = text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  // Phones like to write the first letter large and the rest small; the checksum finds mistyped letters.
  const ours = lines.filter((line) => OUR_KEY.test(line)).map((line) => line.toUpperCase())
  if (ours.some((line) => parseIdentity(line) === null)) return fault('mistyped')
  if (ours.length > 0) return { kind: 'identities', identities: ours }
  if (lines.some((line) => OTHER_KEY.test(line))) return fault('otherKind')
  if (lines.some((line) => /^age1/i.test(line))) return fault('publicPart')
  return fault('none')
}

function dearmour(text: string): Uint8Array | null {
  try {
    return armor.decode(text)
  } catch {
    return null
  }
}

function fault(reason: KeyFault): Key {
  return { kind: 'fault', fault: reason }
}

const WRONG_PASSPHRASE = 'no identity matched any of the file'

/**
 * Opens an identity file that is locked with a passphrase. Takes a second or more, and much memory,
 * so that guessing is slow.
 *
 * @returns null when the passphrase is another
 */
export async function unlockIdentity(sealed: Uint8Array, passphrase: string): Promise<Key | null> {
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  try {
    return readIdentity(await decrypter.decrypt(sealed))
  } catch (error) {
    if (error instanceof Error && error.message.startsWith(WRONG_PASSPHRASE)) return null
    return { kind: 'fault', fault: 'mistyped' }
  }
}
