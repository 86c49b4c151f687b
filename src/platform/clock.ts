/** Time comes in as an argument, so that a test can move it. */
export interface Clock {
  now(): Date
}

/**
 * A clock that also measures: `elapsed` gives milliseconds that only go forward, whatever happens to the time of day.
 * `now` may jump by a day when somebody sets it.
 */
export interface SteadyClock extends Clock {
  elapsed(): number
}

export const systemClock: SteadyClock = {
  now: () => new Date(),
  elapsed: () => performance.now(),
}

/** The clocks of two nodes differ by less: a time that lies further ahead is from before the clock was set back. */
export const CLOCKS_DIFFER_MS = 60_000

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** The moment `milliseconds` before the clock's now. */
export function ago(clock: Clock, milliseconds: number): Date {
  return new Date(clock.now().getTime() - milliseconds)
}
