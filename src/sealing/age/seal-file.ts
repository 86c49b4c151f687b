import { Encrypter } from 'age-encryption'
import { createRecipient } from './x25519.ts'

/**
 * Encrypts a file's content to recipients as it comes, so that neither the disk nor the memory ever holds
 * all of it in the clear.
 *
 * @param recipients `age1…`, one or more
 */
export async function* sealFile(
  recipients: readonly string[],
  content: AsyncIterable<string | Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(createRecipient(recipient))
  const clear = ReadableStream.from(toBytes(content)) as ReadableStream<Uint8Array>
  yield* (await encrypter.encrypt(clear)) as AsyncIterable<Uint8Array>
}

async function* toBytes(content: AsyncIterable<string | Uint8Array>) {
  for await (const part of content) yield typeof part === 'string' ? Buffer.from(part) : part
}
