import { createHmac, randomBytes } from 'node:crypto'
import type { Keyring } from '../platform/keyring.ts'
import { decrypt, encrypt } from '../sealing/signer-details.ts'

/** The scheme of standardwebhooks.com, version 1.0.0. */
const PREFIX = 'whsec_'
const SECRET_BYTES = 32
const MESSAGE_BYTES = 16

/** As its holder writes it into a receiver's settings. */
export const newSecret = () => `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`

/** The same at each try: by it a receiver recognises what it has had. */
export const newMessageId = () => `msg_${randomBytes(MESSAGE_BYTES).toString('base64url')}`

type What = 'url' | 'secret'

export const encryptWebhook = (keyring: Keyring, what: What, text: string): Buffer =>
  encrypt(keyring.webhooks, `webhook-${what}`, Buffer.from(text))

/** @returns null where it can't be read, as when SECRET_KEY is another one than when it was written */
export function decryptWebhook(keyring: Keyring, what: What, message: Buffer): string | null {
  try {
    return decrypt(keyring.webhooks, `webhook-${what}`, message).toString()
  } catch {
    return null
  }
}

/** @param secrets each signs, so that one of them can be taken out of use */
export function signHeaders(
  secrets: string[],
  { messageId, body, now }: { messageId: string; body: string; now: Date },
): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
    const hmac = createHmac('sha256', key).update(`${messageId}.${timestamp}.${body}`)
    return `v1,${hmac.digest('base64')}`
  })
  return {
    'webhook-id': messageId,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  }
}
