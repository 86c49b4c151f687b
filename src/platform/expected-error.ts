/** A fault that a person can correct: the message is one line that says what, why and what to do. */
export class ExpectedError extends Error {}
