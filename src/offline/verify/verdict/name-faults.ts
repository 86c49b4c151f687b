import type { KeptLog } from '../kept-log.ts'
import { safeText } from '../safe-text.ts'
import type { VerifiedLog } from '../verify-log.ts'
import { explainFault, withoutHearsay } from './explain-fault.ts'

/** What scripts tell faults by, the most telling first. */
export const FAULT_KINDS = [
  /** Signed, and neither an extension nor the beginning of what was verified before. */
  'two-histories',
  /** Something in the log doesn't fit what was signed, or is missing. */
  'damaged',
  'other-key',
  /** The beginning of what was verified before, and no more of it. */
  'rolled-back',
  /** Fewer entries than were verified before; what else can't be told. */
  'shrunk',
  'other-count',
  'not-witnessed',
] as const

export type FaultKind = (typeof FAULT_KINDS)[number]

export interface Fault {
  kind: FaultKind
  text: string
}

type Found = Pick<VerifiedLog, 'place' | 'report' | 'shorter'>

/**
 * A log's faults, told apart: one that is being brought back after a restore is not one that was rewritten.
 *
 * @param kept of this place since the last run
 * @param evidence where what shows the fault is kept
 */
export function nameFaults(found: Found, kept: KeptLog | null, evidence: string[]): Fault[] {
  return withoutHearsay(found.report.faults).map((fault) => {
    if (fault.problem === 'shrunk') return explainShorter(found, kept!, evidence)
    if (fault.problem !== 'rewritten') return { kind: 'damaged', text: explainFault(fault) }
    const why = `the log does not begin with the ${number(fault.at!)} entries that were verified here before`
    return tellTwoHistories(why, evidence)
  })
}

function explainShorter(found: Found, kept: KeptLog, evidence: string[]): Fault {
  const { place, report, shorter } = found
  const who = place.site ? 'the site' : 'the folder'
  const shown = number(report.checkpoint!.size)
  const before = `the ${number(kept.checkpoint.size)} verified here on ${kept.verifiedAt.toISOString().slice(0, 10)}`
  const advice =
    'operators are expected to bring it back with "log rebuild"; try again later; if it stays so, entries were withheld'
  switch (shorter) {
    case 'prefix':
      return {
        kind: 'rolled-back',
        text: `rolled back: ${who} shows an older state (${shown} entries) of the same log than ${before}; ${advice}`,
      }
    case 'other':
      return tellTwoHistories(`the log's ${shown} entries are not the first of ${before}`, evidence)
    default:
      return {
        kind: 'shrunk',
        text: `${who} shows ${shown} entries, fewer than ${before}; whether they are the first of these can't be told, since their hashes are not kept here; if it is an older state, ${advice}`,
      }
  }
}

function tellTwoHistories(why: string, evidence: string[]): Fault {
  const places = evidence.map(safeText).join(' and ')
  return {
    kind: 'two-histories',
    text: `two histories: ${why}; both are signed, which proves that its operator shows two logs; evidence kept in ${places}`,
  }
}

const number = (value: number) => value.toLocaleString('en')
