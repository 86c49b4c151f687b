import type { LogFault } from '../../log/core/check/log-report.ts'
import { safeText } from '../../platform/terminal/escape-unsafe.ts'
import type { KeptLog } from './kept-log.ts'
import type { VerifiedLog } from './verify-log.ts'

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

type Found = Pick<VerifiedLog, 'source' | 'report' | 'shorter'>

/**
 * A log's faults, told apart: one that is being brought back after a restore is not one that was rewritten.
 *
 * @param kept of this source since the last run
 * @param evidence where what shows the fault is kept
 */
export function nameFaults(found: Found, kept: KeptLog | null, evidence: string[]): Fault[] {
  return withoutHearsay(found.report.faults).map((fault) => {
    if (fault.problem === 'shrunk') return explainShorter(found, kept!, evidence)
    if (fault.problem !== 'rewritten') return { kind: 'damaged', text: describeFault(fault) }
    const why = `the log does not begin with the ${number(fault.at!)} entries that were verified here before`
    return tellTwoHistories(why, evidence)
  })
}

function explainShorter(found: Found, kept: KeptLog, evidence: string[]): Fault {
  const { source, report, shorter } = found
  const who = source.site ? 'the site' : 'the folder'
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
  const kept = evidence.map(safeText).join(' and ')
  return {
    kind: 'two-histories',
    text: `two histories: ${why}; both are signed, which proves that its operator shows two logs; evidence kept in ${kept}`,
  }
}

const number = (value: number) => value.toLocaleString('en')

/**
 * A log's faults in words. That it was rewritten is only said of entries that somebody signed: what
 * doesn't belong to its own checkpoint is damaged, and fits no earlier one either.
 */
export function explainFaults(faults: LogFault[]): string[] {
  return withoutHearsay(faults).map(describeFault)
}

/** Without what entries that nobody signed would say of the log's past. */
export function withoutHearsay(faults: LogFault[]): LogFault[] {
  const isDamaged = faults.some(({ problem }) => problem === 'other-root')
  const isOfHistory = ({ problem }: LogFault) => problem === 'rewritten' || problem === 'shrunk'
  return isDamaged ? faults.filter((fault) => !isOfHistory(fault)) : faults
}

/** Where a fault is, and what it means. */
export function describeFault({ problem, path, at }: LogFault): string {
  const file = safeText(path)
  switch (problem) {
    case 'checkpoint-malformed':
      return 'the checkpoint is malformed: it was changed or cut off'
    case 'checkpoint-bad-signature':
      return "the checkpoint's signature is wrong: it was changed after it was signed, or somebody else made it"
    case 'checkpoint-unsigned':
      return 'the checkpoint is not signed by the key of this log: it is of another log, or somebody else made it'
    case 'checkpoint-wrong-origin':
      return 'the checkpoint is of another log than its key'
    case 'missing':
      return `${file} is missing: the log is not there whole`
    case 'malformed':
      return `${file} is malformed: it was changed or cut off`
    case 'invalid-entry':
      return `${file}: entry ${at} is of no known kind or form; a newer release may know it`
    case 'other-entry':
      return `${file}: entry ${at} is not the one that was signed`
    case 'other-hash':
      return `${file}: hash ${at} does not follow from the entries`
    case 'other-root':
      return 'the entries do not add up to the signed checkpoint: something in the log was changed'
    case 'rewritten':
      return `the log was rewritten: it does not begin with the ${at} entries that were certified before; this is proof that its operator shows two histories, keep both copies`
    case 'shrunk':
      return `the log is shorter than the ${at} entries that were certified before`
  }
}
