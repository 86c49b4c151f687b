/** How a signer is shown in public. */
export type Display = 'hidden' | 'initials' | 'name'

/**
 * A signer's data as it is sealed, for the organisers alone. Pure and free of Node, since the unsealing
 * page opens it in a browser. Field names are a public format: never change one, add a version.
 */
export interface SignerRecord {
  version: 1
  slug: string
  /** The signature's id; see record-id.ts. */
  id: string
  /** 32 random bytes that blind the commitment, base64. Lies nowhere else. */
  r: string
  name: string
  /** As typed. */
  email: string
  /** The spelling that duplicates are found by and that the commitment covers. */
  normalisedEmail: string
  /** ISO 3166-1 alpha-2. */
  country: string
  postcode: string
  comment: string
  display: Display
  /** Of the page that was signed. */
  language: string
  updates: boolean
  consentVersion: number
  textVersion: number
  /** ISO 8601, UTC. */
  signedAt: string
  confirmedAt: string
  source: string | null
}

/** All records of about one length look alike from outside. */
export const PADDING_BYTES = 256

/** UTF-8 JSON, padded with spaces to a multiple of 256 bytes. */
export function encodeRecord(record: SignerRecord): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(record))
  const padded = new Uint8Array(Math.ceil(json.length / PADDING_BYTES) * PADDING_BYTES).fill(0x20)
  padded.set(json)
  return padded
}

/** Null when the bytes are no record of a version known here. */
export function decodeRecord(plaintext: Uint8Array): SignerRecord | null {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plaintext))
  } catch {
    return null
  }
  return isRecord(value) ? value : null
}

const TEXT_FIELDS = [
  'slug',
  'id',
  'r',
  'name',
  'email',
  'normalisedEmail',
  'country',
  'postcode',
  'comment',
  'display',
  'language',
  'signedAt',
  'confirmedAt',
] as const

function isRecord(value: unknown): value is SignerRecord {
  if (typeof value !== 'object' || value === null) return false
  const fields = value as Record<string, unknown>
  return (
    fields.version === 1 &&
    TEXT_FIELDS.every((name) => typeof fields[name] === 'string') &&
    Number.isSafeInteger(fields.textVersion) &&
    Number.isSafeInteger(fields.consentVersion) &&
    typeof fields.updates === 'boolean' &&
    (fields.source === null || typeof fields.source === 'string')
  )
}

/**
 * A signature's id in the sealed record, its commitment and the lines of an export. Signatures of
 * before there were random ones have a number, which their id holds in its last eight bytes. The function
 * record_id of migration 0006 does the same.
 *
 * @param id a uuid in PostgreSQL's spelling
 */
export function recordId(id: string): string {
  const hex = id.replaceAll('-', '')
  return /^0{16}/.test(hex) ? BigInt(`0x${hex}`).toString() : id
}
