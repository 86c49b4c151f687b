import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Keyring } from './keyring.ts'
import { bytesOfId, idOfBytes } from './random-id.ts'

/** A link does one thing: a confirm token never withdraws, and the other way round. */
export type TokenPurpose =
  | 'confirm'
  | 'withdraw'
  | 'unsubscribe'
  | 'imported'
  | 'receipt'
  | 'preview'

/** The row that a link opens, and the address that the row was made for. */
export interface LinkTarget {
  id: string
  /** Keyed hash of the address; null where the row has none (any more). */
  address: Buffer | null
}

const ID_BYTES = 16
const ADDRESS_BYTES = 8
const MAC_BYTES = 16

/**
 * base64url(id ‖ first 64 bits of the address's keyed hash ‖ first 128 bits of HMAC-SHA256(key,
 * purpose ‖ 0x00 ‖ id ‖ those 64 bits)): derived, so that nothing stored can be stolen. 54 characters.
 */
export function makeToken(
  keyring: Keyring,
  purpose: TokenPurpose,
  { id, address }: LinkTarget,
): string {
  const head = Buffer.concat([bytesOfId(id), beginningOf(address)])
  return Buffer.concat([head, mac(keyring, purpose, head)]).toString('base64url')
}

/** A token that this server made; `answers` tells whether the row is still the same. */
export interface LinkToken {
  id: string
  address: Buffer
}

/** Null when the token isn't one this server made for that purpose; nothing is looked up. */
export function readToken(
  keyring: Keyring,
  purpose: TokenPurpose,
  token: string,
): LinkToken | null {
  const bytes = Buffer.from(token, 'base64url')
  const head = bytes.subarray(0, ID_BYTES + ADDRESS_BYTES)
  // Decoding is lenient; only the one canonical spelling is a token.
  if (bytes.length !== head.length + MAC_BYTES || bytes.toString('base64url') !== token) return null
  if (!timingSafeEqual(bytes.subarray(head.length), mac(keyring, purpose, head))) return null
  return { id: idOfBytes(head.subarray(0, ID_BYTES)), address: head.subarray(ID_BYTES) }
}

/**
 * Whether the row is the one that the token was made for: its address must be the same, so that a former row's
 * link can't open the row that took its place. Once the signer has left, the row has no address and tells
 * only that somebody left.
 */
export function answers(row: { address: Buffer | null }, token: LinkToken): boolean {
  return row.address === null || beginningOf(row.address).equals(token.address)
}

/** The part of the address's hash that a token holds; zeros where there is none. */
export function beginningOf(address: Buffer | null): Buffer {
  return address ? address.subarray(0, ADDRESS_BYTES) : Buffer.alloc(ADDRESS_BYTES)
}

function mac(keyring: Keyring, purpose: TokenPurpose, head: Buffer): Buffer {
  const hmac = createHmac('sha256', keyring.tokens)
  return hmac.update(`${purpose}\0`).update(head).digest().subarray(0, MAC_BYTES)
}
