import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/**
 * AES-256-GCM under a key that lies outside the database. Layout: 1 byte format (1), 12 bytes
 * nonce, ciphertext, 16 bytes tag. `context` is authenticated with it, so that a ciphertext can't
 * be decrypted in the stead of one of another kind. Random nonces are safe up to the 2^32 messages of NIST
 * SP 800-38D, far more than a petition server could ever write under one key.
 */
const FORMAT = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16

export function encrypt(key: Buffer, context: string, plaintext: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
  return Buffer.concat([
    Buffer.of(FORMAT),
    nonce,
    cipher.update(plaintext),
    cipher.final(),
    cipher.getAuthTag(),
  ])
}

/** @throws when the key, the context or a single byte is another. */
export function decrypt(key: Buffer, context: string, message: Buffer): Buffer {
  if (message[0] !== FORMAT || message.length < 1 + NONCE_BYTES + TAG_BYTES) {
    throw new Error('ciphertext of an unknown format')
  }
  const nonce = message.subarray(1, 1 + NONCE_BYTES)
  const tag = message.subarray(-TAG_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce)
    .setAAD(Buffer.from(context))
    .setAuthTag(tag)
  return Buffer.concat([
    decipher.update(message.subarray(1 + NONCE_BYTES, -TAG_BYTES)),
    decipher.final(),
  ])
}
