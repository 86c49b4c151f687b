import { Decrypter, type Identity } from 'age-encryption'

/** The library's message when no stanza was wrapped for a given key. */
export const NO_KEY_FITS = 'no identity matched any of the file'

/** A decrypter works public keys out from secret ones; with one for each list of keys it does so once. */
const decrypters = new WeakMap<readonly (string | Identity)[], Decrypter>()

/**
 * Decrypts an age file. The library's own identities (strings) do in a browser; Node has faster ones.
 *
 * @param identities not to be changed between calls
 * @returns null when it was sealed to other keys
 * @throws when the file is damaged
 */
export async function openSealed(
  identities: readonly (string | Identity)[],
  sealed: Uint8Array,
): Promise<Uint8Array | null> {
  const decrypter = decrypters.get(identities) ?? createDecrypter(identities)
  try {
    return await decrypter.decrypt(sealed)
  } catch (error) {
    if (error instanceof Error && error.message.startsWith(NO_KEY_FITS)) return null
    throw error
  }
}

function createDecrypter(identities: readonly (string | Identity)[]): Decrypter {
  const decrypter = new Decrypter()
  for (const identity of identities) decrypter.addIdentity(identity)
  decrypters.set(identities, decrypter)
  return decrypter
}

/** The first line of an age file (c2sp.org/age). */
export const AGE_START = 'age-encryption.org/v1\n'
/** The same, whichever version of the format. */
export const AGE_START_OF_ANY = 'age-encryption.org/'
