/** An export can't be opened as asked: the message is one line that says what, why and what to do. */
export class UnsealError extends Error {}
