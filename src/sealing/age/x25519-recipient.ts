import { createCipheriv, createDecipheriv, createPublicKey } from 'node:crypto'
import { base64nopad } from '@scure/base'
import { type Identity, type Recipient, Stanza } from 'age-encryption'
import { parseIdentity, parseRecipient } from './recipient.ts'
import {
  deriveWrapKey,
  ephemeralKeys,
  privateKeyObject,
  publicKeyObject,
  rawPublicKey,
} from './x25519-keys.ts'

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
