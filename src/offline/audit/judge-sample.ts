import type { OpenedEntry } from '../../sealing/record/opened-file.ts'
import { boundOfBad } from './confidence-bound.ts'

/** Why a drawn signature is bad; one that is so for several reasons counts by the first. */
export const CAUSES = ['found', 'voided', 'notShown', 'duplicate'] as const
export type Cause = (typeof CAUSES)[number]

export interface Verdict {
  /** Entries by cause, in the order of drawing. */
  bad: Record<Cause, number[]>
  /** Drawn, not shown, and withdrawn since the checkpoint: nothing can be told of them. */
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
 * @param leavings what took drawn entries out since the checkpoint
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
  const shown = new Set(records.map(({ index }) => index))
  const doubled = findDoubled(records)
  const bad: Verdict['bad'] = { found: [], voided: [], notShown: [], duplicate: [] }
  const leftSince: number[] = []
  for (const index of drawn) {
    const left = leavings.get(index)
    if (found.has(index)) bad.found.push(index)
    // Else organisers could strike what the draw hit, and be judged by the rest.
    else if (left === 'void') bad.voided.push(index)
    else if (!shown.has(index)) (left ? leftSince : bad.notShown).push(index)
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
