import { setTimeout } from 'node:timers/promises'
import { SECOND } from '../clock.ts'
import { isDatabaseAway } from '../database/unavailable.ts'
import { endsInTime } from '../in-time.ts'
import { paceErrors } from '../logger.ts'
import { beginRunner, type JobRunner, type RunnerOptions } from './begin-runner.ts'
import { mendClock } from './mend-clock.ts'
import { type CronJob, runSchedule } from './run-schedule.ts'

/** Between two looks at the runner, and before one that ended by itself is replaced. */
const LOOK_EVERY_MS = SECOND
/** How long a job may still run after the stop; then it is released for another worker. */
const SHUTDOWN_MS = 10 * SECOND
/** A runner that has ended or stalled ends nothing in order any more. */
const GIVE_UP_MS = 2 * SECOND
const WAITING =
  'jobs wait: the database is away or refuses their statements; they go on by themselves'

export type { Task } from './begin-runner.ts'
export type { CronJob } from './run-schedule.ts'

/**
 * Runs jobs until it is stopped; jobs under way then end or are released. graphile-worker's runner ends for good
 * when one statement that writes down how jobs ended fails, as when PostgreSQL restarts, and stalls for good when its
 * first one does; and jobs that it was given in an answer that never came stay locked for it, for four hours: in each
 * case another one begins. While the database is away it waits.
 *
 * @throws when the first can't begin for another reason
 */
export async function startWorker(
  options: RunnerOptions & { cron: CronJob[] },
): Promise<{ stop(): Promise<void> }> {
  const { pool, cron, logger } = options
  const stopping = new AbortController()
  const faults = paceErrors((fields) => logger.warn(fields, WAITING))
  const begin = () => beginRunner({ ...options, mayLead: cron.length > 0 }, faults.note)
  let runner: JobRunner | null = await begin().catch((error: unknown) => {
    if (!isDatabaseAway(error)) throw error
    faults.note(error)
    return null
  })
  const leads = () => runner?.leads() ?? false
  const schedule = runSchedule(pool, cron, { leads, onError: faults.note })
  const mending = mendClock(pool, { leads, logger, onError: faults.note })
  const going = keepGoing()

  async function keepGoing(): Promise<void> {
    for (;;) {
      await setTimeout(LOOK_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => {})
      if (stopping.signal.aborted) return
      const why = runner?.whyOver()
      if (runner && !why) continue
      if (runner) {
        logger.warn({}, `the job runner ${why}; another one begins`)
        await runner.stop(why === 'lost an answer' ? SHUTDOWN_MS : GIVE_UP_MS)
        // Whoever stopped the worker meanwhile may have waited no longer, and has closed the pool.
        if (stopping.signal.aborted) return
      }
      runner = await begin()
        .catch(faults.note)
        .then((begun) => begun ?? null)
      // One that was begun too late for the stop below.
      if (stopping.signal.aborted) await runner?.stop(GIVE_UP_MS)
    }
  }

  return {
    async stop() {
      stopping.abort()
      await endsInTime(going, GIVE_UP_MS)
      await Promise.all([
        runner?.stop(SHUTDOWN_MS),
        endsInTime(Promise.all([schedule.stop(), mending.stop()]), SHUTDOWN_MS),
      ])
      faults.close()
    },
  }
}
