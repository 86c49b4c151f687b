import { ExpectedError } from '../../platform/expected-error.ts'

/** An audit can't go on, or found what must not be: the message is one line that says what and why. */
export class AuditError extends ExpectedError {}
