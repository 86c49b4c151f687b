import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { concatBytes, encodeBase64 } from '../../../platform/bytes.ts'
import { MalformedError, parseBase64 } from '../canonical.ts'
import { COSIGNATURE_V1, ED25519, type KeyType, makeKey } from './note-key.ts'
import type { NoteSigner } from './sign-note.ts'

/** The only file of the core that needs Node.js: a browser brings an Ed25519 of its own. */

/** RFC 8410: the DER bytes before the 32 bytes of a private or public key. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
const SEED_BYTES = 32
const SIGNATURE_BYTES = 64

/** @param seed the 32 bytes of an Ed25519 private key (RFC 8032) */
export function signerFromSeed(name: string, type: KeyType, seed: Uint8Array): NoteSigner {
  if (seed.length !== SEED_BYTES) throw new RangeError(`a seed of ${seed.length} bytes`)
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  return {
    key: makeKey(name, type, rawPublicKey(createPublicKey(privateKey))),
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  }
}

/** The VerifyEd25519 of Node.js. */
export function verifyEd25519(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false
  const key = createPublicKey({
    key: Buffer.concat([SPKI_PREFIX, publicKey]),
    format: 'der',
    type: 'spki',
  })
  return verify(null, message, key, signature)
}

function rawPublicKey(key: KeyObject): Uint8Array {
  return new Uint8Array(key.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length))
}

/** As Go's sumdb/note writes private keys, so that a key can move to another program. */
const SIGNER_KEY = /^PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+(.+)$/su

/** `PRIVATE+KEY+<name>+<key ID>+<base64 of type and seed>`: secret. */
export function formatSignerKey({ key }: NoteSigner, seed: Uint8Array): string {
  const encoded = encodeBase64(concatBytes(Uint8Array.of(key.type), seed))
  return `PRIVATE+KEY+${key.name}+${key.keyId}+${encoded}`
}

/** The key ID, which comes from the public key, shows a damaged seed. @throws MalformedError */
export function parseSignerKey(text: string): NoteSigner {
  const [, name, keyId, encoded] = SIGNER_KEY.exec(text) ?? []
  if (!name || !keyId || !encoded) throw new MalformedError('signer key', 'not PRIVATE+KEY+…')
  const [type, ...seed] = parseBase64(encoded)
  if ((type !== ED25519 && type !== COSIGNATURE_V1) || seed.length !== 32) {
    throw new MalformedError('signer key', 'of another type or length')
  }
  const signer = signerFromSeed(name, type, Uint8Array.from(seed))
  if (signer.key.keyId !== keyId) throw new MalformedError('signer key', 'mistyped or damaged')
  return signer
}
