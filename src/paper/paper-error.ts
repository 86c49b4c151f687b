import { ExpectedError } from '../platform/expected-error.ts'

/** Signatures on paper can't be added: one line says what is wrong, and what to do. */
export class PaperError extends ExpectedError {}
