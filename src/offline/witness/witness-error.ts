import { ExpectedError } from '../../platform/expected-error.ts'
import { explainFileError } from '../../platform/files/explain-errno.ts'

/** The witness can't run as asked: the message is one line that says what, why and what to do. */
export class WitnessError extends ExpectedError {}

/** A fault of the file system becomes a line; any other surprise stays what it is. */
export function explainFileFault(name: string, act: 'read' | 'written', error: unknown): unknown {
  const fault = explainFileError(name, act, error)
  return fault === null ? error : new WitnessError(fault, { cause: error })
}
