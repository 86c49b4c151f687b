import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'

/** DER of an X25519 key up to its 32 raw bytes (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b656e032100', 'hex')
const PKCS8_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex')
const INFO = 'age-encryption.org/v1/X25519'
const WRAP_KEY_BYTES = 32

export function publicKeyObject(raw: Uint8Array): KeyObject {
  const key = Buffer.concat([SPKI_PREFIX, raw])
  return createPublicKey({ key, format: 'der', type: 'spki' })
}

export function privateKeyObject(raw: Uint8Array): KeyObject {
  const key = Buffer.concat([PKCS8_PREFIX, raw])
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
}

/** The 32 raw bytes of a public key. */
export function rawPublicKey(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length)
}

export function generatePrivateKey(): { raw: Buffer; publicKey: Buffer } {
  const { publicKey, privateKey } = generateKeyPairSync('x25519')
  const raw = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(PKCS8_PREFIX.length)
  return { raw, publicKey: rawPublicKey(publicKey) }
}

export function ephemeralKeys() {
  return generateKeyPairSync('x25519')
}

/**
 * The key that wraps a file key, as the age format's X25519 stanza derives it. OpenSSL refuses points
 * of small order, so a shared secret is never zero.
 */
export function deriveWrapKey(
  privateKey: KeyObject,
  otherPublicKey: KeyObject,
  { share, recipient }: { share: Uint8Array; recipient: Uint8Array },
): Buffer {
  const secret = diffieHellman({ privateKey, publicKey: otherPublicKey })
  const salt = Buffer.concat([share, recipient])
  return Buffer.from(hkdfSync('sha256', secret, salt, INFO, WRAP_KEY_BYTES))
}

/** The public key that belongs to a private one, both raw. */
export function publicKeyOf(privateKey: Uint8Array): Buffer {
  return rawPublicKey(createPublicKey(privateKeyObject(privateKey)))
}
