import { ExpectedError } from '../../platform/expected-error.ts'
import { explainFileError } from '../../platform/files/explain-errno.ts'

/** An export can't be opened as asked: the message is one line that says what, why and what to do. */
export class UnsealError extends ExpectedError {}

/** @returns an error that isn't the file system's as it came */
export function explainReadError(path: string, error: unknown): unknown {
  const fault = explainFileError(path, 'read', error)
  return fault === null ? error : new UnsealError(`${fault}; check its name`)
}
