import { Decrypter } from 'age-encryption'
import { type Key, readIdentity } from './read-identity.ts'

const WRONG_PASSPHRASE = 'no identity matched any of the file'

/**
 * Opens an identity file that is locked with a passphrase. Takes a second or more, and much memory:
 * that is what protects it.
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
