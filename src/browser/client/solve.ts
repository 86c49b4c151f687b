import { pbkdf2 } from '@noble/hashes/pbkdf2.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { type Challenge, type DeriveKeyFunction, solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2'

/** A worker: gets challenges, and answers each with the text of the form's field, or null. */

/** Longer than anybody waits with a finished form. */
const TIMEOUT_MS = 60_000

/** Of a page without HTTPS, such as an onion service's, some browsers keep their own cryptography away. */
const deriveSlowly: DeriveKeyFunction = async ({ cost, keyLength = 32 }, salt, password) => ({
  derivedKey: pbkdf2(sha256, password, salt, { c: cost, dkLen: keyLength }),
})

addEventListener('message', async ({ data: challenge }: MessageEvent<Challenge>) => {
  const solution = await solveChallenge({
    challenge,
    deriveKey: globalThis.crypto?.subtle ? deriveKey : deriveSlowly,
    timeout: TIMEOUT_MS,
  }).catch(() => null)
  // The key's hidden half: the other one was told.
  const { keyPrefix } = challenge.parameters
  postMessage(solution && challenge.signature + solution.derivedKey.slice(keyPrefix.length))
})
