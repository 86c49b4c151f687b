import { createHmac, pbkdf2, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { type Clock, MINUTE } from '../platform/clock.ts'

/**
 * Challenges of ALTCHA, version 2 (https://altcha.org/docs/v2/proof-of-work): the page derives one key after the other
 * until one begins as the challenge says. Made and checked here rather than by altcha-lib, whose functions wait for a
 * thread three times a form, and a proof is a tenth as long; see docs/decisions/0044-floods.md and 0049.
 *
 * The challenge's `signature` is amount of work, time of expiry, nonce and a MAC of these and of the key's hidden half.
 * A proof is that signature and the hidden half, in hexadecimal: one MAC tells that it was made here, and that somebody
 * has found the key.
 */
const ALGORITHM = 'PBKDF2/SHA-256'
/** Iterations a key: native code gains little on a browser that way, and making a challenge costs us one key. */
const COST = 200
const KEY_BYTES = 32
/** The page is told the first half, and finds the second. */
const HALF_BYTES = 16
const NONCE_BYTES = 16
const MAC_BYTES = 16
/** Amount of work and time of expiry in seconds, of four bytes each, and the nonce. */
const HEAD_BYTES = 8 + NONCE_BYTES
const SIGNATURE_BYTES = HEAD_BYTES + MAC_BYTES
const PROOF = new RegExp(`^[0-9a-f]{${2 * (SIGNATURE_BYTES + HALF_BYTES)}}$`)
/** As long as the slowest write at a form; the page asks for another one when it has run out. */
const VALID_MS = 30 * MINUTE

/** So many proofs are remembered as taken, and as many before them; of more the database alone knows that they are spent. */
const TAKEN_MOST = 25_000

const derive = promisify(pbkdf2)

/** What a form's proof is worth. It may have been spent already: the database knows. */
export interface Proved {
  /** Random bytes of the challenge, which stand for it. */
  id: Buffer
  /** Keys that had to be derived at most. */
  work: number
  expiresAt: Date
}

/** @param key 32 bytes, the same on all nodes */
export function createProofs({ key, clock }: { key: Buffer; clock: Clock }) {
  const sign = (head: Buffer, hidden: Buffer) =>
    createHmac('sha256', key).update(head).update(hidden).digest().subarray(0, MAC_BYTES)
  let taken = new Set<string>()
  let takenBefore = new Set<string>()

  return {
    /** @param work keys to derive at most, half of them on average: 1 or more @returns a challenge as the page's solver takes it */
    async challenge(work: number) {
      const [nonce, salt] = [randomBytes(NONCE_BYTES), randomBytes(16)]
      const password = Buffer.alloc(NONCE_BYTES + 4)
      nonce.copy(password)
      password.writeUInt32BE(randomInt(work), NONCE_BYTES)
      const found = await derive(password, salt, COST, KEY_BYTES, 'sha256')
      const expiresAt = Math.floor((clock.now().getTime() + VALID_MS) / 1000)
      const head = Buffer.alloc(HEAD_BYTES)
      head.writeUInt32BE(work, 0)
      head.writeUInt32BE(expiresAt, 4)
      nonce.copy(head, 8)
      const mac = sign(head, found.subarray(HALF_BYTES))
      return {
        parameters: {
          algorithm: ALGORITHM,
          cost: COST,
          data: { work },
          expiresAt,
          keyLength: KEY_BYTES,
          keyPrefix: found.toString('hex', 0, HALF_BYTES),
          nonce: nonce.toString('hex'),
          salt: salt.toString('hex'),
        },
        signature: Buffer.concat([head, mac]).toString('hex'),
      }
    },
    /** @param text of the form's field @returns null for anything but a proof that still holds */
    check,
    /** The same, once a proof: a second form with it has none, also here and at once. Other nodes' the database knows. */
    take(text: string): Proved | null {
      const proof = check(text)
      const name = proof?.id.toString('latin1') ?? ''
      if (!proof || taken.has(name) || takenBefore.has(name)) return null
      if (taken.size >= TAKEN_MOST) {
        takenBefore = taken
        taken = new Set()
      }
      taken.add(name)
      return proof
    },
  }

  function check(text: string): Proved | null {
    if (!PROOF.test(text)) return null
    const bytes = Buffer.from(text, 'hex')
    const expiresAt = bytes.readUInt32BE(4) * 1000
    if (expiresAt < clock.now().getTime()) return null
    const mac = sign(bytes.subarray(0, HEAD_BYTES), bytes.subarray(SIGNATURE_BYTES))
    if (!timingSafeEqual(mac, bytes.subarray(HEAD_BYTES, SIGNATURE_BYTES))) return null
    return {
      id: bytes.subarray(8, HEAD_BYTES),
      work: bytes.readUInt32BE(0),
      expiresAt: new Date(expiresAt),
    }
  }
}

export type Proofs = ReturnType<typeof createProofs>
