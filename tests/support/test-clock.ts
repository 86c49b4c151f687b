import type { SteadyClock } from '../../src/platform/clock.ts'

/** A clock that stands still until it is moved. */
export interface TestClock extends SteadyClock {
  move(milliseconds: number): void
  /** Somebody sets it so much forward or back; no time passes. */
  set(milliseconds: number): void
}

export function createTestClock(start = new Date('2024-03-01T09:30:00Z')): TestClock {
  let now = start.getTime()
  let elapsed = 0
  return {
    now: () => new Date(now),
    elapsed: () => elapsed,
    move(milliseconds) {
      now += milliseconds
      elapsed += milliseconds
    },
    set(milliseconds) {
      now += milliseconds
    },
  }
}
