import type { Clock } from '../../src/platform/clock.ts'

/** A clock that stands still until it is moved. */
export interface TestClock extends Clock {
  move(milliseconds: number): void
}

export function createTestClock(start = new Date('2024-03-01T09:30:00Z')): TestClock {
  let now = start.getTime()
  return {
    now: () => new Date(now),
    move(milliseconds) {
      now += milliseconds
    },
  }
}
