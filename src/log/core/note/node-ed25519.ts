import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { type KeyType, makeKey } from './note-key.ts'
import type { NoteSigner } from './sign-note.ts'

/** The only file of the core that needs Node.js: a browser brings an Ed25519 of its own. */

/** RFC 8410: what stands before the 32 bytes of a private or public key in DER. */
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
