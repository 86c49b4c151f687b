import { type Challenge, solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import type { Harness } from './harness.ts'

interface Answer extends Challenge {
  enough?: true
}

/** Asks what a form needs, and does it, as the page does. @returns the text of the form's field; '' in peace */
export async function proveWork(
  { origin }: Pick<Harness, 'origin'>,
  headers: Record<string, string> = {},
): Promise<string> {
  const answer = await fetch(`${origin}/challenge`, { headers })
  const challenge = (await answer.json()) as Answer
  return challenge.enough ? '' : solve(challenge)
}

export async function solve(challenge: Challenge): Promise<string> {
  const solution = await solveChallenge({ challenge, deriveKey })
  const { keyPrefix } = challenge.parameters
  return challenge.signature! + solution!.derivedKey.slice(keyPrefix.length)
}
