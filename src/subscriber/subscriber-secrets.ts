import { createHmac } from 'node:crypto'
import type { Keyring } from '../platform/keyring.ts'
import { decrypt, encrypt, unwrapTagKey } from '../sealing/signer-details.ts'

const TAG_BYTES = 16
const ADDRESS = 'subscriber-address'

/**
 * First 128 bits of HMAC-SHA256(petition's tag key, "subscriber" ‖ 0x00 ‖ the signature's tag): found
 * from the signature with the server's key, and not to be joined to it by the database alone.
 *
 * @param wrappedTagKey as the petition holds it
 */
export function subscriberTag(
  keyring: Keyring,
  wrappedTagKey: Buffer,
  signatureTag: Buffer,
): Buffer {
  const hmac = createHmac('sha256', unwrapTagKey(keyring, wrappedTagKey))
  return hmac.update('subscriber\0').update(signatureTag).digest().subarray(0, TAG_BYTES)
}

export function encryptSubscriber(keyring: Keyring, email: string): Buffer {
  return encrypt(keyring.details, ADDRESS, Buffer.from(email))
}

export function decryptSubscriber(keyring: Keyring, message: Buffer): string {
  return decrypt(keyring.details, ADDRESS, message).toString()
}
