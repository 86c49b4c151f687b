import { bech32 } from '@scure/base'

/** Bytes of an X25519 public or private key. */
const KEY_BYTES = 32
const IDENTITY_PREFIX = 'AGE-SECRET-KEY-'

/**
 * The public key in an age recipient (`age1…`, X25519). Null when it is none: a letter mistyped breaks
 * its checksum.
 */
export function parseRecipient(text: string): Uint8Array | null {
  const bytes = decode(text, 'age')
  return text === text.toLowerCase() ? bytes : null
}

/** The private key in an age identity (`AGE-SECRET-KEY-1…`), or null. */
export function parseIdentity(text: string): Uint8Array | null {
  return text === text.toUpperCase() ? decode(text, IDENTITY_PREFIX.toLowerCase()) : null
}

export function formatRecipient(publicKey: Uint8Array): string {
  return bech32.encodeFromBytes('age', publicKey)
}

export function formatIdentity(privateKey: Uint8Array): string {
  return bech32.encodeFromBytes(IDENTITY_PREFIX.toLowerCase(), privateKey).toUpperCase()
}

function decode(text: string, prefix: string): Uint8Array | null {
  const decoded = bech32.decodeUnsafe(text.toLowerCase(), false)
  if (decoded?.prefix !== prefix) return null
  const bytes = bech32.fromWordsUnsafe(decoded.words)
  return bytes?.length === KEY_BYTES ? bytes : null
}

/** An organiser's key as `age-keygen` writes it, so that every tool of age reads it. */
export function formatKeyFile(key: { identity: string; recipient: string; created: Date }): string {
  const created = key.created.toISOString().replace(/\.\d+Z$/, 'Z')
  return `# created: ${created}\n# public key: ${key.recipient}\n${key.identity}\n`
}
