import type { LogFault } from '../../../log/core/check/log-report.ts'
import { safeText } from '../safe-text.ts'

/**
 * A log's faults in words. That it was rewritten is only said of entries that somebody signed: what
 * doesn't belong to its own checkpoint is damaged, and fits no earlier one either.
 */
export function explainFaults(faults: LogFault[]): string[] {
  return withoutHearsay(faults).map(explainFault)
}

/** Without what entries that nobody signed would say of the log's past. */
export function withoutHearsay(faults: LogFault[]): LogFault[] {
  const isDamaged = faults.some(({ problem }) => problem === 'other-root')
  const isOfHistory = ({ problem }: LogFault) => problem === 'rewritten' || problem === 'shrunk'
  return isDamaged ? faults.filter((fault) => !isOfHistory(fault)) : faults
}

/** Where a fault is, and what it means. */
export function explainFault({ problem, path, at }: LogFault): string {
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
