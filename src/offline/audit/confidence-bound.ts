import { checkNatural } from '../../log/core/canonical.ts'

const STEPS = 60

/**
 * The share of bad signatures that a sample rules out: with the given confidence fewer than this are
 * bad. Exact and one-sided (Clopper–Pearson): the share at which a sample of `drawn` would hold `bad`
 * or fewer with probability 1 − confidence. 0 bad of 300 give 0.0099 at 95 %.
 *
 * Draws are without replacement, so the true bound lies a little below this one.
 *
 * @returns from 0 to 1
 */
export function boundOfBad(drawn: number, bad: number, confidence = 0.95): number {
  if (checkNatural(bad) > checkNatural(drawn)) throw new RangeError(`${bad} bad of ${drawn}`)
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`no confidence: ${confidence}`)
  if (bad === drawn) return 1
  let low = bad / drawn
  let high = 1
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2
    if (chanceOfAtMost(bad, drawn, middle) > 1 - confidence) low = middle
    else high = middle
  }
  return high
}

/** P(X ≤ bad) for X binomial. In logarithms: the terms alone would be too small for a number. */
function chanceOfAtMost(bad: number, drawn: number, share: number): number {
  if (share >= 1) return 0
  let logTerm = drawn * Math.log1p(-share)
  let sum = Math.exp(logTerm)
  for (let x = 1; x <= bad; x++) {
    logTerm += Math.log((drawn - x + 1) / x) + Math.log(share) - Math.log1p(-share)
    sum += Math.exp(logTerm)
  }
  return sum
}
