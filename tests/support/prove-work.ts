import { type Challenge, solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import type { Harness } from './harness.ts'

/** Asks for a challenge and solves it, as the page does. @returns the text of the form's field */
export async function proveWork(
  { origin }: Pick<Harness, 'origin'>,
  headers: Record<string, string> = {},
): Promise<string> {
  const answer = await fetch(`${origin}/challenge`, { headers })
  return solve((await answer.json()) as Challenge)
}

export async function solve(challenge: Challenge): Promise<string> {
  const solution = await solveChallenge({ challenge, deriveKey })
  return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64')
}
