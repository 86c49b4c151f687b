import { EventEmitter, once } from 'node:events'
import {
  Logger,
  type ParsedCronItem,
  parseCronItems,
  run,
  type TaskList,
  type WorkerEventMap,
  type WorkerEvents,
} from 'graphile-worker'
import { freeAbandoned } from './free-abandoned.ts'
import type { CronJob, WorkerLog, WorkerOptions } from './start-worker.ts'

/** How long a job may still run after the stop; then it is released for another worker. */
const SHUTDOWN_TIMEOUT_MS = 10_000
/** Jobs that have ended are deleted together; a crash before that has them run again. */
const COMPLETE_TOGETHER_MS = 25
/** Jobs that were fetched and wait here for longer go back, for a worker that has nothing to do. */
const QUEUED_FOR_MS = 15_000

export interface JobRunner {
  /** Resolves when it has ended, asked or not; with what ended it, if anything did. */
  ended: Promise<Error | null>
  /** Lets jobs under way end, or releases them, and gives back those that wait. */
  stop(): Promise<void>
}

/** One runner of graphile-worker's, with its sign of life. @throws when the database is away */
export async function runJobs(options: WorkerOptions): Promise<JobRunner> {
  const { pool, tasks, concurrency, log } = options
  const taskList: TaskList = Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [name, (payload: unknown) => task(payload)]),
  )
  const events: WorkerEvents = new EventEmitter()
  const created = once(events, 'pool:create') as Promise<[WorkerEventMap['pool:create']]>
  const runner = await run({
    events,
    pgPool: pool,
    taskList,
    parsedCronItems: parseCron(options.cron),
    concurrency,
    // Signals are the main program's: it stops the web first, then the worker, then the database.
    noHandleSignals: true,
    logger: createLogger(log),
    preset: {
      worker: {
        gracefulShutdownAbortTimeout: SHUTDOWN_TIMEOUT_MS,
        // A form leaves a job of its own, and most jobs are short: they are fetched and ended together.
        localQueue: { size: 2 * concurrency, ttl: QUEUED_FOR_MS },
        completeJobBatchDelay: COMPLETE_TOGETHER_MS,
      },
    },
  })
  const [{ workerPool }] = await created
  const abandoned = freeAbandoned(pool, workerPool.id, log)
  const ended = runner.promise.then(
    () => null,
    (error: Error) => error,
  )
  return {
    ended,
    async stop() {
      await runner.stop().catch((error: Error) => log.debug({ err: error }, 'job runner'))
      await ended
      await abandoned.stop()
    },
  }
}

function parseCron(cron: CronJob[]): ParsedCronItem[] {
  // No backfill: each of these tasks makes good by itself what a stopped server missed.
  return parseCronItems(cron.map(({ task, pattern }) => ({ task, match: pattern })))
}

/**
 * The runner's own lines name tasks and ids; payloads are ours to keep out. So are its lines about each job that was
 * found or done: their number and times would tell whether a link to withdraw had a mail sent.
 */
function createLogger(log: WorkerLog): Logger {
  return new Logger(() => (level, message, meta) => {
    const error = meta?.error
    const fields = error instanceof Error ? { err: error } : {}
    if (level === 'error') log.error(fields, message)
    else if (level === 'warning') log.warn(fields, message)
  })
}
