import { ExpectedError } from '../../../platform/expected-error.ts'

/** A petition's folder is at fault: the message names file, line or field, what is wrong and what to write. */
export class PetitionFilesError extends ExpectedError {}
