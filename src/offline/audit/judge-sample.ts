import { checkNatural } from '../../log/core/canonical.ts'
import type { OpenedEntry } from '../../sealing/record/opened-file.ts'

/** Why a drawn signature is bad; one that is so for several reasons counts by the first. */
export const CAUSES = ['found', 'voided', 'notShown', 'duplicate'] as const
export type Cause = (typeof CAUSES)[number]

export interface Verdict {
  /** Entries by cause, in the order of drawing. */
  bad: Record<Cause, number[]>
  /** Drawn, withdrawn since the checkpoint, and not opened: neither good nor bad. */
  leftSince: number[]
  good: number
  /** From 0 to 1: the share that is bad is below it, with the confidence asked for. */
  bound: number
  /** The same, were all that left since bad, too. */
  boundAtWorst: number
}

/**
 * @param drawn in the order of drawing
 * @param found the auditor's own finding
 * @param leavings drawn entries that were withdrawn or voided since the checkpoint
 */
export function judgeSample(
  drawn: readonly number[],
  {
    records,
    found,
    leavings,
    confidence,
  }: {
    records: OpenedEntry[]
    found: ReadonlySet<number>
    leavings: ReadonlyMap<number, 'withdraw' | 'void'>
    confidence: number
  },
): Verdict {
  const opened = new Set(records.map(({ index }) => index))
  const doubled = findDoubled(records)
  const bad: Verdict['bad'] = { found: [], voided: [], notShown: [], duplicate: [] }
  const leftSince: number[] = []
  for (const index of drawn) {
    const left = leavings.get(index)
    if (found.has(index)) bad.found.push(index)
    // Else organisers could void the drawn signatures that are bad, and be judged by the rest.
    else if (left === 'void') bad.voided.push(index)
    else if (!opened.has(index)) (left ? leftSince : bad.notShown).push(index)
    else if (doubled.has(index)) bad.duplicate.push(index)
  }
  const count = CAUSES.reduce((sum, cause) => sum + bad[cause].length, 0)
  const sample = drawn.length - leftSince.length
  return {
    bad,
    leftSince,
    good: sample - count,
    bound: boundOfBad(sample, count, confidence),
    boundAtWorst: boundOfBad(drawn.length, count + leftSince.length, confidence),
  }
}

/** All but the first, in the order of the log, of those that share an address or a record. */
function findDoubled(records: OpenedEntry[]): Set<number> {
  const seen = new Set<string>()
  const doubled = new Set<number>()
  for (const { index, id, normalisedEmail } of [...records].sort((a, b) => a.index - b.index)) {
    const marks = [`id ${id}`, `email ${normalisedEmail}`]
    if (marks.some((mark) => seen.has(mark))) doubled.add(index)
    for (const mark of marks) seen.add(mark)
  }
  return doubled
}

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
