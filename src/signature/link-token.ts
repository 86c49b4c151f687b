import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Keyring } from '../platform/keyring.ts'

/** A link does one thing: a confirm token never withdraws, and the other way round. */
export type TokenPurpose = 'confirm' | 'withdraw' | 'unsubscribe' | 'receipt'

const ID_BYTES = 8
const MAC_BYTES = 16

/**
 * base64url(id ‖ first 128 bits of HMAC-SHA256(key, purpose ‖ 0x00 ‖ id)): derived, so that nothing
 * stored can be stolen. 32 characters.
 *
 * @param id a bigint, in decimal: the signature's, to unsubscribe the subscriber's
 */
export function makeToken(keyring: Keyring, purpose: TokenPurpose, id: string): string {
  const idBytes = Buffer.alloc(ID_BYTES)
  idBytes.writeBigUInt64BE(BigInt(id))
  return Buffer.concat([idBytes, mac(keyring, purpose, idBytes)]).toString('base64url')
}

/** The id, or null when the token isn't one this server made for that purpose. */
export function readToken(keyring: Keyring, purpose: TokenPurpose, token: string): string | null {
  const bytes = Buffer.from(token, 'base64url')
  // Decoding is lenient; only the one canonical spelling is a token.
  if (bytes.length !== ID_BYTES + MAC_BYTES || bytes.toString('base64url') !== token) return null
  const idBytes = bytes.subarray(0, ID_BYTES)
  if (!timingSafeEqual(bytes.subarray(ID_BYTES), mac(keyring, purpose, idBytes))) return null
  return idBytes.readBigUInt64BE().toString()
}

function mac(keyring: Keyring, purpose: TokenPurpose, idBytes: Buffer): Buffer {
  const hmac = createHmac('sha256', keyring.tokens)
  return hmac.update(`${purpose}\0`).update(idBytes).digest().subarray(0, MAC_BYTES)
}
