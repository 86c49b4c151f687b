import { createHmac, pbkdf2, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { type Clock, MINUTE } from '../platform/clock.ts'

/**
 * Challenges and proofs of ALTCHA, version 2 (https://altcha.org/docs/v2/proof-of-work): the page derives one key
 * after the other until one begins as the challenge says. Made and checked here rather than by altcha-lib, whose
 * functions wait for a thread three times a form; see docs/decisions/0044-floods.md.
 */
const ALGORITHM = 'PBKDF2/SHA-256'
/** Iterations a key: native code gains little on a browser that way, and making a challenge costs us one key. */
const COST = 200
const KEY_BYTES = 32
const PREFIX_BYTES = 16
/** As long as the slowest write at a form; the page asks for another one when it has run out. */
const VALID_MS = 30 * MINUTE
/** The longest proof that we make a challenge for is 700. */
const PROOF_MAX = 1200

/** Proofs that are remembered as taken; of more the database alone knows that they are spent. */
const TAKEN_MOST = 50_000

const derive = promisify(pbkdf2)

const Proof = Compile(
  Type.Object({
    challenge: Type.Object({
      parameters: Type.Object({
        algorithm: Type.Literal(ALGORITHM),
        cost: Type.Literal(COST),
        data: Type.Object({ work: Type.Integer() }),
        expiresAt: Type.Integer(),
        keyLength: Type.Literal(KEY_BYTES),
        keyPrefix: Type.String(),
        keySignature: Type.String({ pattern: '^[0-9a-f]{64}$' }),
        nonce: Type.String({ pattern: '^[0-9a-f]{32}$' }),
        salt: Type.String(),
      }),
      signature: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    }),
    solution: Type.Object({ derivedKey: Type.String({ pattern: '^[0-9a-f]{64}$' }) }),
  }),
)

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
  const sign = (about: string, bytes: string | Buffer) =>
    createHmac('sha256', key).update(about).update(bytes).digest()
  /** The oldest first. */
  const taken = new Set<string>()

  return {
    /** @param work keys to derive at most, half of them on average: 1 or more @returns a challenge as the page's solver takes it */
    async challenge(work: number) {
      const [nonce, salt] = [randomBytes(16), randomBytes(16)]
      const counter = randomInt(work)
      const derived = await derive(passwordOf(nonce, counter), salt, COST, KEY_BYTES, 'sha256')
      // In the order of their names, which is signed.
      const parameters = {
        algorithm: ALGORITHM,
        cost: COST,
        data: { work },
        expiresAt: Math.floor((clock.now().getTime() + VALID_MS) / 1000),
        keyLength: KEY_BYTES,
        keyPrefix: derived.toString('hex', 0, PREFIX_BYTES),
        keySignature: sign('key', derived).toString('hex'),
        nonce: nonce.toString('hex'),
        salt: salt.toString('hex'),
      }
      const signature = sign('challenge', JSON.stringify(parameters)).toString('hex')
      return { parameters, signature }
    },
    /** @param text of the form's field: base64 of JSON @returns null for anything but a proof that still holds */
    check,
    /** The same, once a proof: a second form with it has none, also here and at once. Other nodes' the database knows. */
    take(text: string): Proved | null {
      const proof = check(text)
      const name = proof?.id.toString('base64') ?? ''
      if (!proof || taken.has(name)) return null
      taken.add(name)
      if (taken.size > TAKEN_MOST) taken.delete(taken.values().next().value!)
      return proof
    },
  }

  function check(text: string): Proved | null {
    if (text === '' || text.length > PROOF_MAX) return null
    const proof = parse(text)
    if (!proof) return null
    const { parameters, signature } = proof.challenge
    const { expiresAt, nonce, data, keySignature } = parameters
    if (expiresAt * 1000 < clock.now().getTime()) return null
    if (!isSame(signature, sign('challenge', JSON.stringify(inOrder(parameters))))) return null
    const derived = Buffer.from(proof.solution.derivedKey, 'hex')
    if (!isSame(keySignature, sign('key', derived))) return null
    return {
      id: Buffer.from(nonce, 'hex'),
      work: data.work,
      expiresAt: new Date(expiresAt * 1000),
    }
  }
}

export type Proofs = ReturnType<typeof createProofs>

function passwordOf(nonce: Buffer, counter: number): Buffer {
  const password = Buffer.alloc(nonce.length + 4)
  nonce.copy(password)
  password.writeUInt32BE(counter, nonce.length)
  return password
}

function parse(text: string) {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64').toString())
    return Proof.Check(value) ? value : null
  } catch {
    return null
  }
}

const inOrder = (fields: object) =>
  Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)))

const isSame = (hex: string, digest: Buffer) => timingSafeEqual(Buffer.from(hex, 'hex'), digest)
