/** Within the second that caches may keep the count, and the one that counting takes, of the truth. */
const BUSY_MS = 2_000
const QUIET_MS = 8_000
const RESTING_MS = 30_000
const BUSY_FOR_MS = 60_000
const QUIET_FOR_MS = 600_000

/**
 * How long to wait before asking for the count again: seldom where nothing happens, and less and less
 * often from a server that doesn't answer.
 *
 * @param quietMs since the count changed, or since the reader came to the page
 * @param failures how many times in a row no count came
 */
export function chooseWait(quietMs: number, failures: number): number {
  const wait = quietMs < BUSY_FOR_MS ? BUSY_MS : quietMs < QUIET_FOR_MS ? QUIET_MS : RESTING_MS
  return Math.min(wait * 2 ** failures, RESTING_MS)
}
