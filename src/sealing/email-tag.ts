import { createHmac, randomBytes } from 'node:crypto'

/**
 * 128 bits of HMAC-SHA256: at a hundred million signatures two addresses share a tag with a chance
 * below 1 in 10^22, and the unique index stays half as large.
 */
const TAG_BYTES = 16
const TAG_KEY_BYTES = 32

/** Recognises a second signature of the same mailbox; without the key no address can be tested against it. */
export function emailTag(petitionKey: Buffer, normalisedEmail: string): Buffer {
  return createHmac('sha256', petitionKey).update(normalisedEmail).digest().subarray(0, TAG_BYTES)
}

/** Recognises an address spelt exactly so. No address holds the zero byte, so no tag is the same. */
export function addressHash(petitionKey: Buffer, exactEmail: string): Buffer {
  return emailTag(petitionKey, `address\0${exactEmail}`)
}

export function newTagKey(): Buffer {
  return randomBytes(TAG_KEY_BYTES)
}
