import { concatBytes, encodeBase64, toHex } from '../../../platform/bytes.ts'
import { sha256 } from '../../../platform/sha256.ts'
import { encodeUtf8, MalformedError, parseBase64 } from '../canonical.ts'

/** c2sp.org/signed-note: signature types. Others exist; their lines are passed over. */
export const ED25519 = 0x01
/** c2sp.org/tlog-cosignature: a witness's, with the time it signed. */
export const COSIGNATURE_V1 = 0x04
export type KeyType = typeof ED25519 | typeof COSIGNATURE_V1
const KNOWN_TYPES: KeyType[] = [ED25519, COSIGNATURE_V1]

export const KEY_ID_BYTES = 4
const PUBLIC_KEY_BYTES = 32

/** A public key and whose it is. Name and key ID together tell which signatures are its. */
export interface NoteKey {
  name: string
  /** 8 lower-case hex digits. */
  keyId: string
  type: KeyType
  /** 32 bytes, Ed25519 (RFC 8032). */
  publicKey: Uint8Array
}

const VKEY = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/su
/** White space of any script, the separator of a vkey, and characters that no note may hold. */
const NOT_IN_NAMES = /[\p{White_Space}\p{Cc}\p{Surrogate}+]/u

/**
 * A well-formed key of a type newer than this program, such as a post-quantum one. A caller that lists it
 * beside others goes on without it, and says so; a caller that demands it can't go on.
 */
export class UnknownKeyTypeError extends MalformedError {
  constructor(name: string, keyId: string, { type, expected }: { type: number; expected: string }) {
    // Only recommended by c2sp.org/signed-note: a type may have another rule, as 2 has.
    const doubt =
      keyId === expected
        ? ''
        : `; its key ID would be ${expected} by the usual rule: is it mistyped?`
    super('verifier key', `${name}+${keyId} is of type ${type}, which isn't known here${doubt}`)
  }
}

/** @throws MalformedError when the name or the length of the key is impossible. */
export function makeKey(name: string, type: KeyType, publicKey: Uint8Array): NoteKey {
  if (!isKeyName(name)) throw new MalformedError('verifier key', 'a name with a space or a plus')
  if (publicKey.length !== PUBLIC_KEY_BYTES) {
    throw new MalformedError('verifier key', `a public key of ${publicKey.length} bytes`)
  }
  return { name, keyId: hashKeyId(name, type, publicKey), type, publicKey }
}

/** `<name>+<key ID>+<base64 of type and public key>`. @throws MalformedError, also UnknownKeyTypeError */
export function parseVkey(text: string): NoteKey {
  const [, name, keyId, encoded] = VKEY.exec(text) ?? []
  if (!name || !keyId || !encoded) {
    throw new MalformedError('verifier key', 'not <name>+<key ID>+<key>')
  }
  const bytes = parseBase64(encoded)
  if (!isKeyName(name)) throw new MalformedError('verifier key', 'a name with a space or a plus')
  const type = bytes[0]
  if (type === undefined) throw new MalformedError('verifier key', 'no key in it')
  const publicKey = bytes.slice(1)
  if (!isKnownType(type)) {
    const meant = KNOWN_TYPES.find((known) => hashKeyId(name, known, publicKey) === keyId)
    if (meant) throw mistyped(`its key ID is that of a key of type ${meant}, not ${type}`)
    const expected = hashKeyId(name, type, publicKey)
    throw new UnknownKeyTypeError(name, keyId, { type, expected })
  }
  const key = makeKey(name, type, publicKey)
  if (key.keyId !== keyId) throw mistyped(`the key ID of its content is ${key.keyId}`)
  return key
}

const mistyped = (why: string) => new MalformedError('verifier key', `it is mistyped: ${why}`)

function isKnownType(type: number): type is KeyType {
  return (KNOWN_TYPES as number[]).includes(type)
}

/** c2sp.org/signed-note: required of the types known here, recommended for others. */
function hashKeyId(name: string, type: number, publicKey: Uint8Array): string {
  const material = concatBytes(encodeUtf8(`${name}\n`), Uint8Array.of(type), publicKey)
  return toHex(sha256(material).subarray(0, KEY_ID_BYTES))
}

export function formatVkey({ name, keyId, type, publicKey }: NoteKey): string {
  return `${name}+${keyId}+${encodeBase64(concatBytes(Uint8Array.of(type), publicKey))}`
}

export function isKeyName(name: string): boolean {
  return name !== '' && !NOT_IN_NAMES.test(name)
}

export function fromKeyId(keyId: string): Uint8Array {
  if (!/^[0-9a-f]{8}$/.test(keyId)) throw new MalformedError('key ID', 'not 8 hex digits')
  return Uint8Array.from(keyId.match(/../g)!, (byte) => Number.parseInt(byte, 16))
}
