import { advanceTally } from '../count/advance-counts.ts'
import { repeat } from '../platform/jobs/repeat.ts'
import type { Services } from '../services.ts'

/** Half a second: the shown count is then at most two seconds behind, caches included. */
const STEP_MS = 500

/** Keeps the tally advancing; graphile-worker's schedule is too coarse for a live count. */
export function runTally({ db, log }: Pick<Services, 'db' | 'log'>): { stop(): Promise<void> } {
  return repeat({
    every: STEP_MS,
    work: () => advanceTally(db),
    onError: (error) =>
      log.warn({ err: error }, 'the tally could not be advanced; it will catch up'),
  })
}
