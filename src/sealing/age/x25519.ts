import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'
import { base64nopad } from '@scure/base'
import { type Identity, type Recipient, Stanza } from 'age-encryption'
import { parseIdentity, parseRecipient } from './recipient.ts'

/**
 * age's X25519 recipient and identity on Node's own cryptography. The library's are written for every
 * platform and take about four times as long; everything else of the format stays the library's.
 * Source: the age format (c2sp.org/age), "The X25519 recipient type".
 */
const CIPHER = 'chacha20-poly1305'
/** The wrap key is used once, so the nonce may be zero. */
const NONCE = Buffer.alloc(12)
const TAG_BYTES = 16
const FILE_KEY_BYTES = 16
const SHARE_BYTES = 32
const TYPE = 'X25519'

/** @throws RangeError when the text is no X25519 recipient */
export function createRecipient(text: string): Recipient {
  const recipient = parseRecipient(text)
  if (!recipient) throw new RangeError('no age recipient')
  const recipientKey = publicKeyObject(recipient)
  return {
    wrapFileKey(fileKey) {
      const ephemeral = ephemeralKeys()
      const share = rawPublicKey(ephemeral.publicKey)
      const key = deriveWrapKey(ephemeral.privateKey, recipientKey, { share, recipient })
      const cipher = createCipheriv(CIPHER, key, NONCE, { authTagLength: TAG_BYTES })
      const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()])
      return [new Stanza([TYPE, base64nopad.encode(share)], body)]
    },
  }
}

/** @throws RangeError when the text is no X25519 identity */
export function createIdentity(text: string): Identity {
  const raw = parseIdentity(text)
  if (!raw) throw new RangeError('no age identity')
  const privateKey = privateKeyObject(raw)
  const recipient = rawPublicKey(createPublicKey(privateKey))
  return {
    unwrapFileKey(stanzas) {
      for (const stanza of stanzas) {
        if (stanza.args[0] !== TYPE) continue
        const share = readShare(stanza)
        const key = deriveWrapKey(privateKey, publicKeyObject(share), { share, recipient })
        const fileKey = unwrap(key, stanza.body)
        if (fileKey) return fileKey
      }
      return null
    },
  }
}

/** @throws when the stanza is malformed: the whole file is then refused, as the format asks */
function readShare({ args, body }: Stanza): Uint8Array {
  const share = args.length === 2 ? base64nopad.decode(args[1]!) : null
  // A body of another length could be made to open under two keys.
  if (share?.length !== SHARE_BYTES || body.length !== FILE_KEY_BYTES + TAG_BYTES) {
    throw new Error('malformed X25519 stanza')
  }
  return share
}

/** Null when it was wrapped for somebody else. */
function unwrap(key: Buffer, body: Uint8Array): Uint8Array | null {
  const decipher = createDecipheriv(CIPHER, key, NONCE, { authTagLength: TAG_BYTES })
  decipher.setAuthTag(body.subarray(FILE_KEY_BYTES))
  const fileKey = decipher.update(body.subarray(0, FILE_KEY_BYTES))
  try {
    decipher.final()
  } catch {
    return null
  }
  return new Uint8Array(fileKey)
}

/** DER of an X25519 key up to its 32 raw bytes (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b656e032100', 'hex')
const PKCS8_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex')
const INFO = 'age-encryption.org/v1/X25519'
const WRAP_KEY_BYTES = 32

function publicKeyObject(raw: Uint8Array): KeyObject {
  const key = Buffer.concat([SPKI_PREFIX, raw])
  return createPublicKey({ key, format: 'der', type: 'spki' })
}

function privateKeyObject(raw: Uint8Array): KeyObject {
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

function ephemeralKeys() {
  return generateKeyPairSync('x25519')
}

/**
 * The key that wraps a file key, as the age format's X25519 stanza derives it. OpenSSL refuses points
 * of small order, so a shared secret is never zero.
 */
function deriveWrapKey(
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
