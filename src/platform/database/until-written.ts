import { setTimeout } from 'node:timers/promises'
import { isDatabaseAway } from './unavailable.ts'

const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 5000
/** For a fault that isn't the database's absence. */
const ATTEMPTS = 20

/**
 * For a write that records what has happened already, such as a mail sent: tried again for as long as the database
 * is away, since forgetting it would make it happen twice.
 *
 * @throws an error that speaks of something else, after some attempts
 */
export async function untilWritten<T>(write: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write()
    } catch (error) {
      if (attempt >= ATTEMPTS && !isDatabaseAway(error)) throw error
      await setTimeout(Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS))
    }
  }
}
