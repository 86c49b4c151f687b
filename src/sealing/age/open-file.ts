import { Decrypter } from 'age-encryption'
import { NO_KEY_FITS } from './open-sealed.ts'
import { createIdentity } from './x25519.ts'

/**
 * Decrypts a file's content as it comes. What is handed on is authentic; that nothing is missing at the end is
 * known once all of it was read.
 *
 * @param identities `AGE-SECRET-KEY-1…`
 * @returns null when it was encrypted to other keys
 * @throws when the file is damaged
 */
export async function openFile(
  identities: readonly string[],
  sealed: AsyncIterable<Uint8Array>,
): Promise<AsyncIterable<Uint8Array> | null> {
  const decrypter = new Decrypter()
  for (const identity of identities) decrypter.addIdentity(createIdentity(identity))
  const stream = ReadableStream.from(sealed) as ReadableStream<Uint8Array>
  try {
    return (await decrypter.decrypt(stream)) as AsyncIterable<Uint8Array>
  } catch (error) {
    if (error instanceof Error && error.message.startsWith(NO_KEY_FITS)) return null
    throw error
  }
}
