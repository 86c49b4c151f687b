import { concatBytes } from '../../../platform/bytes.ts'
import { decodeBase64, encodeBase64 } from '../base64.ts'
import { MalformedError } from '../malformed.ts'
import { signerFromSeed } from './node-ed25519.ts'
import { COSIGNATURE_V1, ED25519 } from './note-key.ts'
import type { NoteSigner } from './sign-note.ts'

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
  const [type, ...seed] = decodeBase64(encoded)
  if ((type !== ED25519 && type !== COSIGNATURE_V1) || seed.length !== 32) {
    throw new MalformedError('signer key', 'of another type or length')
  }
  const signer = signerFromSeed(name, type, Uint8Array.from(seed))
  if (signer.key.keyId !== keyId) throw new MalformedError('signer key', 'mistyped or damaged')
  return signer
}
