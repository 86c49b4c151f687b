import { ExpectedError } from '../../platform/expected-error.ts'
import { escapeUnsafe } from '../../platform/terminal/escape-unsafe.ts'

/** A petition's folder is at fault: the message names file, line or field, what is wrong and what to write. */
export class PetitionFilesError extends ExpectedError {
  /** @param message may repeat what the folder says: it stays one line */
  constructor(message: string) {
    super(escapeUnsafe(message))
  }
}
