import { createHmac, randomBytes } from 'node:crypto'

const VALID_MS = 20 * 60_000
const WORK = 100_000

/**
 * A proof of work as the page would bring it, without the work: whoever has the server's key can sign any. It costs the
 * server as much as a true one. For its shape see src/defence/proof-of-work.ts.
 *
 * @param key the keyring's for proofs
 * @returns a field of a form, encoded
 */
export function forgeProof(key: Buffer): string {
  const head = Buffer.alloc(24)
  head.writeUInt32BE(WORK, 0)
  head.writeUInt32BE(Math.floor((Date.now() + VALID_MS) / 1000), 4)
  randomBytes(16).copy(head, 8)
  const hidden = randomBytes(16)
  const mac = createHmac('sha256', key).update(head).update(hidden).digest().subarray(0, 16)
  return `altcha=${Buffer.concat([head, mac, hidden]).toString('hex')}`
}
