import type { SignerRecord } from '../record/sealed-record.ts'
import type { LineOutcome, Problem } from './open-records.worker.ts'
import { createSeenBefore } from './seen-before.ts'

/** Of each kind; the rest is counted. */
const LISTED = 100

type Finding = Problem | 'no record' | 'doubled id' | 'doubled address'

const TEXTS: Record<Finding, string> = {
  'other keys': 'sealed to other keys than these, left out',
  damaged: 'damaged, left out',
  misplaced: "in another record's or petition's place, left out",
  mismatch: 'not what the public log committed to, left out',
  'no record': 'no record at all, left out (line numbers)',
  'doubled id': 'there twice, the second left out',
  'doubled address': 'with an address that signed before, kept',
}

export interface Report {
  /** Records of the share that belong in the list, in order. */
  take(outcomes: LineOutcome[]): { record: SignerRecord; resealed: string | null }[]
  opened(): number
  leftOut(): number
  /** Whether anything was sealed to one of the keys at all. */
  fits(): boolean
  lines(): string[]
}

/** Gathers what is to be told of the records, by id, in memory that hardly grows with them. */
export function createReport(): Report {
  const found = new Map<Finding, { ids: string[]; count: number }>()
  const idSeen = createSeenBefore()
  const addressSeen = createSeenBefore()
  let line = 1
  let opened = 0
  let leftOut = 0
  let fitting = 0

  function note(finding: Finding, id: string) {
    const entry = found.get(finding) ?? { ids: [], count: 0 }
    entry.count++
    if (entry.ids.length < LISTED) entry.ids.push(id)
    found.set(finding, entry)
  }

  function takeOne(outcome: LineOutcome) {
    line++
    if (outcome.outcome !== 'opened') {
      note(outcome.outcome, outcome.outcome === 'no record' ? String(line) : outcome.id)
      leftOut++
      if (outcome.outcome === 'mismatch' || outcome.outcome === 'misplaced') fitting++
      return []
    }
    fitting++
    const { record, resealed } = outcome
    if (idSeen(record.id)) {
      note('doubled id', record.id)
      leftOut++
      return []
    }
    if (addressSeen(record.normalisedEmail)) note('doubled address', record.id)
    opened++
    return [{ record, resealed }]
  }

  return {
    take: (outcomes) => outcomes.flatMap(takeOne),
    opened: () => opened,
    leftOut: () => leftOut,
    fits: () => fitting > 0,
    lines: () =>
      [...found].map(([finding, { ids, count }]) => {
        const more = count > ids.length ? ` and ${count - ids.length} more` : ''
        return `${count} ${TEXTS[finding]}: ${ids.join(', ')}${more}`
      }),
  }
}
