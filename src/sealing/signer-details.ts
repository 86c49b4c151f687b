import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import type { Keyring } from '../platform/keyring.ts'

/** Everything that a signer typed. Readable only with the server's key, and only until it is sealed. */
export interface SignerDetails {
  name: string
  /** As typed: mail goes there. */
  email: string
  /** The spelling by which duplicates are recognised. */
  normalisedEmail: string
  postcode: string
  comment: string
  /** The mirror that was signed at; absent for PUBLIC_URL. */
  mirror?: string
  /** 32 random bytes in base64 that will blind the commitment; sealed with the rest, then gone here. */
  r: string
}

const BLINDING_BYTES = 32

export const newBlinding = () => randomBytes(BLINDING_BYTES).toString('base64')

const DETAILS = 'signer-details'
const ADDRESS = 'mail-address'
const COMMENT = 'comment'
const HIDDEN_NAME = 'hidden-name'
const TAG_KEY = 'tag-key'

export function encryptDetails(keyring: Keyring, details: SignerDetails): Buffer {
  return encrypt(keyring.details, DETAILS, Buffer.from(JSON.stringify(details)))
}

export function decryptDetails(keyring: Keyring, message: Buffer): SignerDetails {
  return openDetails(keyring.details, message)
}

/** For a thread that is handed one key alone. */
export function openDetails(key: Buffer, message: Buffer): SignerDetails {
  return JSON.parse(decrypt(key, DETAILS, message).toString())
}

/** For a job's payload, which must not hold a readable address. Base64. */
export function encryptAddress(keyring: Keyring, email: string): string {
  return encrypt(keyring.details, ADDRESS, Buffer.from(email)).toString('base64')
}

export function decryptAddress(keyring: Keyring, message: string): string {
  return decrypt(keyring.details, ADDRESS, Buffer.from(message, 'base64')).toString()
}

/** A comment as it lies in its table, until and after it is read. */
export function encryptComment(keyring: Keyring, text: string): Buffer {
  return encrypt(keyring.details, COMMENT, Buffer.from(text))
}

export function decryptComment(keyring: Keyring, message: Buffer): string {
  return decrypt(keyring.details, COMMENT, message).toString()
}

/** A name that organisers have hidden, until it is erased. */
export function encryptHiddenName(keyring: Keyring, name: string): Buffer {
  return encrypt(keyring.details, HIDDEN_NAME, Buffer.from(name))
}

export function decryptHiddenName(keyring: Keyring, message: Buffer): string {
  return decrypt(keyring.details, HIDDEN_NAME, message).toString()
}

/** A petition's tag key as it lies in the database. */
export function wrapTagKey(keyring: Keyring, key: Buffer): Buffer {
  return encrypt(keyring.tagKeys, TAG_KEY, key)
}

/** Kept as long as the petition that holds it is in memory: every form of a crowd asks for the same. */
const unwrapped = new WeakMap<Buffer, Buffer>()

export function unwrapTagKey(keyring: Keyring, message: Buffer): Buffer {
  const key = unwrapped.get(message) ?? decrypt(keyring.tagKeys, TAG_KEY, message)
  unwrapped.set(message, key)
  return key
}

/**
 * AES-256-GCM under a key that lies outside the database. Layout: 1 byte format (1), 12 bytes
 * nonce, ciphertext, 16 bytes tag. `context` is authenticated with it, so that a ciphertext can't
 * be decrypted in the stead of one of another kind. Random nonces are safe up to the 2^32 messages of NIST
 * SP 800-38D, far more than a petition server could ever write under one key.
 */
const FORMAT = 1
const NONCE_BYTES = 12
const GCM_TAG_BYTES = 16

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
  if (message[0] !== FORMAT || message.length < 1 + NONCE_BYTES + GCM_TAG_BYTES) {
    throw new Error('ciphertext of an unknown format')
  }
  const nonce = message.subarray(1, 1 + NONCE_BYTES)
  const tag = message.subarray(-GCM_TAG_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce)
    .setAAD(Buffer.from(context))
    .setAuthTag(tag)
  return Buffer.concat([
    decipher.update(message.subarray(1 + NONCE_BYTES, -GCM_TAG_BYTES)),
    decipher.final(),
  ])
}

/**
 * 128 bits of HMAC-SHA256: at a hundred million signatures two addresses share a tag with a chance
 * below 1 in 10^22, and the unique index stays half as large.
 */
const MAILBOX_TAG_BYTES = 16
const TAG_KEY_BYTES = 32

/** Recognises a second signature of the same mailbox; without the key no address can be tested against it. */
export function emailTag(petitionKey: Buffer, normalisedEmail: string): Buffer {
  return createHmac('sha256', petitionKey)
    .update(normalisedEmail)
    .digest()
    .subarray(0, MAILBOX_TAG_BYTES)
}

/** Recognises an address spelt exactly so. No address holds the zero byte, so no tag is the same. */
export function addressHash(petitionKey: Buffer, exactEmail: string): Buffer {
  return emailTag(petitionKey, `address\0${exactEmail}`)
}

export function newTagKey(): Buffer {
  return randomBytes(TAG_KEY_BYTES)
}
