import type { Config } from '../config.ts'
import { hasGuardedFigures, type Petition } from '../petition/petition.ts'

/** How long a confirmed signature waits for its batch of the public log. */
export interface LogWait {
  /** At most, where batches keep to the clock. */
  minutes: number
  /** Signatures that a batch holds at least, or else waits for hours; 0 where it doesn't wait for others. */
  least: number
}

export function logWaitOf(
  petition: Petition,
  { logInterval, logMinBatch }: Pick<Config, 'logInterval' | 'logMinBatch'>,
): LogWait {
  const waits = hasGuardedFigures(petition) && logMinBatch > 1
  return { minutes: Math.ceil(logInterval / 60), least: waits ? logMinBatch : 0 }
}
