import { createHmac, randomInt, timingSafeEqual } from 'node:crypto'
import type { Keyring } from '../platform/keyring.ts'

/** In characters. */
export const LONGEST_CODE = 32
/** Share codes and names of sources, in addresses and forms. */
export const CODE_PATTERN = new RegExp(`^[A-Za-z0-9_-]{1,${LONGEST_CODE}}$`)

const PETITION_BYTES = 3
const SECRET_BYTES = 6
const CHECK_BYTES = 3
/** 12 bytes are 16 characters of base64url; partner codes are shorter, so the two can't be mixed up. */
const PERSONAL_LENGTH = 16
const PARTNER_LENGTH = 8
const PAGE_MAC_BYTES = 16
/** In base64url. */
const PAGE_MAC_LENGTH = 22
const CLICKS_KEY_BYTES = 12
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

/** Whether `newPartnerCode` could have made it. */
export const isPartnerCode = (code: string): boolean =>
  code.length === PARTNER_LENGTH && [...code].every((char) => PARTNER_ALPHABET.includes(char))

export function newPartnerCode(): string {
  return Array.from(
    { length: PARTNER_LENGTH },
    () => PARTNER_ALPHABET[randomInt(PARTNER_ALPHABET.length)],
  ).join('')
}

/**
 * In the address of a code's own page: the code ‖ 128 bits of HMAC. The code stands in every link that its holder
 * passes on, and so opens nothing by itself.
 */
export function pageToken(keyring: Keyring, code: string): string {
  return `${code}${pageMac(keyring, code)}`
}

/** The code, or null when this server didn't make the token. Its last letter has bits to spare: it is no "-" or "_". */
export function readPageToken(keyring: Keyring, token: string): string | null {
  const code = token.slice(0, -PAGE_MAC_LENGTH)
  if (code.length !== PARTNER_LENGTH && code.length !== PERSONAL_LENGTH) return null
  const given = Buffer.from(token.slice(-PAGE_MAC_LENGTH))
  const expected = Buffer.from(pageMac(keyring, code))
  return given.length === expected.length && timingSafeEqual(given, expected) ? code : null
}

const pageMac = (keyring: Keyring, code: string) =>
  hmac(keyring, `page\0${code}`).subarray(0, PAGE_MAC_BYTES).toString('base64url')

/** What stands for a code where the table of clicks must not tell which it is. */
export const clicksKey = (keyring: Keyring, code: string): Buffer =>
  hmac(keyring, `clicks\0${code}`).subarray(0, CLICKS_KEY_BYTES)

function check(keyring: Keyring, head: Buffer): Buffer {
  return hmac(keyring, `check\0${head.toString('hex')}`).subarray(0, CHECK_BYTES)
}

function hmac(keyring: Keyring, text: string): Buffer {
  return createHmac('sha256', keyring.sharing).update(text).digest()
}
