/** The one error that the parsers of the log throw: what was read isn't in its only allowed form. */
export class MalformedError extends Error {
  /** The format that was expected: `checkpoint`, `tile path`, … */
  readonly format: string

  constructor(format: string, why: string) {
    super(`${format}: ${why}`)
    this.name = 'MalformedError'
    this.format = format
  }
}

/** For code that answers with a named failure: gives the MalformedError back, lets surprises through. */
export function attempt<T>(parse: () => T): T | MalformedError {
  try {
    return parse()
  } catch (error) {
    if (error instanceof MalformedError) return error
    throw error
  }
}
