import { ExpectedError } from '../../platform/expected-error.ts'

/** A log can't be verified as asked: the message is one line that says what, why and what to do. */
export class VerifyError extends ExpectedError {}

/** The site itself says that its log is away until it is restored: nothing is known to be wrong with it. */
export class LogRestoringError extends VerifyError {}
