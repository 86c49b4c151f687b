import { createHmac, randomInt, timingSafeEqual } from 'node:crypto'
import type { Keyring } from '../platform/keyring.ts'

/** Share codes and names of sources, in addresses and forms. */
export const CODE_PATTERN = /^[A-Za-z0-9_-]{1,32}$/

const PETITION_BYTES = 3
const SECRET_BYTES = 6
const CHECK_BYTES = 3
/** 12 bytes are 16 characters of base64url; partner codes are shorter, so the two can't be mixed up. */
const PERSONAL_LENGTH = 16
const PARTNER_LENGTH = 8
/** Without characters that look alike on paper. */
const PARTNER_ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz'

/**
 * A signer's own share code: petition ‖ 48 bits of HMAC(key, signature id) ‖ 24 bits that check both.
 * Derived, so the database holds nothing that ties a shared link to a signature; checked, so that no
 * row has to exist before the first friend signs.
 */
export function personalCode(keyring: Keyring, petitionId: number, signatureId: string): string {
  const head = Buffer.alloc(PETITION_BYTES + SECRET_BYTES)
  head.writeUIntBE(petitionId, 0, PETITION_BYTES)
  hmac(keyring, `personal\0${signatureId}`).copy(head, PETITION_BYTES, 0, SECRET_BYTES)
  return Buffer.concat([head, check(keyring, head)]).toString('base64url')
}

/** The petition's id, or null when this server didn't make the code. */
export function readPersonalCode(keyring: Keyring, code: string): number | null {
  if (code.length !== PERSONAL_LENGTH) return null
  const bytes = Buffer.from(code, 'base64url')
  if (bytes.toString('base64url') !== code) return null
  const head = bytes.subarray(0, PETITION_BYTES + SECRET_BYTES)
  if (!timingSafeEqual(bytes.subarray(head.length), check(keyring, head))) return null
  return head.readUIntBE(0, PETITION_BYTES)
}

export function newPartnerCode(): string {
  return Array.from(
    { length: PARTNER_LENGTH },
    () => PARTNER_ALPHABET[randomInt(PARTNER_ALPHABET.length)],
  ).join('')
}

function check(keyring: Keyring, head: Buffer): Buffer {
  return hmac(keyring, `check\0${head.toString('hex')}`).subarray(0, CHECK_BYTES)
}

function hmac(keyring: Keyring, text: string): Buffer {
  return createHmac('sha256', keyring.sharing).update(text).digest()
}
