import { ExpectedError } from '../expected-error.ts'

/** An export that can't be: the message is one line for the person at the terminal. */
export class ExportError extends ExpectedError {}
