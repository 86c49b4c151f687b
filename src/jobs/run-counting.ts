import type { FastifyBaseLogger } from 'fastify'
import { advanceCounts } from '../count/advance-counts.ts'
import type { Db } from '../database.ts'
import { repeat } from '../platform/jobs/repeat.ts'

/** Half a second: the shown count is then at most two seconds behind, caches included. */
const STEP_MS = 500

/** Keeps the tally advancing; graphile-worker's schedule is too coarse for a live count. */
export function runCounting({ db, log }: { db: Db; log: FastifyBaseLogger }): {
  stop(): Promise<void>
} {
  return repeat({
    every: STEP_MS,
    work: () => advanceCounts(db),
    onError: (error) =>
      log.warn({ err: error }, 'the tally could not be advanced; it will catch up'),
  })
}
