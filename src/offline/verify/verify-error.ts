import { ExpectedError } from '../../platform/expected-error.ts'
import { explainFileError } from '../../platform/files/explain-errno.ts'

/** A log can't be verified as asked: the message is one line that says what, why and what to do. */
export class VerifyError extends ExpectedError {}

/** The site itself says that its log is away until it is restored: nothing is known to be wrong with it. */
export class LogRestoringError extends VerifyError {}

/** @returns an error that isn't the file system's as it came */
export function toVerifyError(path: string, act: 'read' | 'written', error: unknown): unknown {
  const fault = explainFileError(path, act, error)
  const advice = act === 'read' ? 'check its name and rights' : 'make room for it or name another'
  return fault === null ? error : new VerifyError(`${fault}; ${advice}`)
}
