import { createHmac, randomBytes } from 'node:crypto'

const VALID_MS = 20 * 60_000

/**
 * A proof of work as the page would bring it, without the work: whoever has the server's key can sign any. It costs the
 * server as much as a true one.
 *
 * @param key the keyring's for proofs
 * @returns a field of a form, encoded
 */
export function forgeProof(key: Buffer): string {
  const sign = (about: string, bytes: string | Buffer) =>
    createHmac('sha256', key).update(about).update(bytes).digest('hex')
  const derived = randomBytes(32)
  const parameters = {
    algorithm: 'PBKDF2/SHA-256',
    cost: 200,
    data: { work: 100_000 },
    expiresAt: Math.floor((Date.now() + VALID_MS) / 1000),
    keyLength: 32,
    keyPrefix: derived.toString('hex', 0, 16),
    keySignature: sign('key', derived),
    nonce: randomBytes(16).toString('hex'),
    salt: randomBytes(16).toString('hex'),
  }
  const challenge = { parameters, signature: sign('challenge', JSON.stringify(parameters)) }
  const solution = { counter: 1000, derivedKey: derived.toString('hex'), time: 80 }
  const text = Buffer.from(JSON.stringify({ challenge, solution })).toString('base64')
  return `altcha=${encodeURIComponent(text)}`
}
