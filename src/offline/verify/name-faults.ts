import type { LogFault } from '../../log/core/log-report.ts'
import { safeText } from '../../platform/terminal/escape-unsafe.ts'
import type { KeptLog } from './kept-log.ts'
import type { VerifiedLog } from './verify-log.ts'

/** The names of faults for scripts, the most telling first. */
export const FAULT_KINDS = [
  /** Signed, and neither an extension nor the beginning of the log that was verified before. */
  'two-histories',
  /** Something in the log is missing, or doesn't fit its signed checkpoint. */
  'damaged',
  'other-key',
  /** Only the beginning of the log that was verified before. */
  'rolled-back',
  /** Fewer entries than were verified before, and no hashes to compare them with. */
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
 * A log's faults by kind: a log that is being brought back after a restore was not rewritten.
 *
 * @param kept of this source since the last run
 * @param evidence files and folders that prove the fault
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
 * A log's faults in words. Only signed entries can show that it was rewritten: entries that don't fit
 * their own checkpoint are damaged, and fit no earlier one either.
 */
export function explainFaults(faults: LogFault[]): string[] {
  return withoutHearsay(faults).map(describeFault)
}

/** Leaves out faults against earlier checkpoints when the entries don't fit their own. */
function withoutHearsay(faults: LogFault[]): LogFault[] {
  const isDamaged = faults.some(({ problem }) => problem === 'other-root')
  const isOfHistory = ({ problem }: LogFault) => problem === 'rewritten' || problem === 'shrunk'
  return isDamaged ? faults.filter((fault) => !isOfHistory(fault)) : faults
}

/** The file and the meaning of a fault. */
function describeFault({ problem, path, at }: LogFault): string {
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
