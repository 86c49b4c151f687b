import { setTimeout } from 'node:timers/promises'
import type pg from 'pg'
import { type JobRunner, runJobs } from './run-jobs.ts'

/** Before another runner takes the place of one that ended by itself. */
const BEGIN_AGAIN_AFTER_MS = 1000

export type Task = (payload: unknown) => Promise<void>

export interface CronJob {
  task: string
  /** Five fields as crontab(5) has them, in UTC. */
  pattern: string
}

export interface WorkerLog {
  error(fields: object, message: string): void
  warn(fields: object, message: string): void
  debug(fields: object, message: string): void
}

export interface WorkerOptions {
  /** Past any pooler: the runner listens, and its statements have names. */
  pool: pg.Pool
  tasks: Record<string, Task>
  cron: CronJob[]
  concurrency: number
  log: WorkerLog
}

/**
 * Works jobs off until it is stopped; jobs under way then end or are released. graphile-worker's runner
 * gives up for good when a single statement that ends its jobs fails, as when PostgreSQL restarts: then
 * another one begins.
 *
 * @throws when the first can't begin
 */
export async function startWorker(options: WorkerOptions): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController()
  let runner: JobRunner | null = await runJobs(options)
  const going = keepGoing()

  async function keepGoing(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (runner) {
        const error = await runner.ended
        if (stopping.signal.aborted) return
        options.log.error({ err: error ?? undefined }, 'the job runner ended; another one begins')
        // Its jobs are free for others once its sign of life is gone.
        await runner.stop()
        runner = null
      }
      await setTimeout(BEGIN_AGAIN_AFTER_MS, undefined, { signal: stopping.signal }).catch(() => {})
      if (stopping.signal.aborted) return
      runner = await runJobs(options).catch((fault: Error) => {
        options.log.warn({ err: fault }, 'the job runner could not begin; it is tried again')
        return null
      })
    }
  }

  return {
    async stop() {
      stopping.abort()
      await runner?.stop()
      await going
      // One that was just beginning.
      await runner?.stop()
    },
  }
}
