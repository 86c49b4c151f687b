import { EventEmitter, once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import {
  Logger,
  type ParsedCronItem,
  parseCronItems,
  run,
  type TaskList,
  type WorkerEventMap,
  type WorkerEvents,
} from 'graphile-worker'
import type pg from 'pg'
import { freeAbandoned } from './free-abandoned.ts'

/** Pause before a runner that ended by itself is replaced. */
const BEGIN_AGAIN_AFTER_MS = 1000
/** How long a job may still run after the stop; then it is released for another worker. */
const SHUTDOWN_TIMEOUT_MS = 10_000
/** Jobs that have ended are deleted together; after a crash before that they run again. */
const COMPLETE_TOGETHER_MS = 25
/** Jobs that were fetched and wait here for longer are returned, for an idle worker. */
const QUEUED_FOR_MS = 15_000

export type Task = (payload: unknown) => Promise<void>

export interface CronJob {
  task: string
  /** Five fields as crontab(5) has them, in UTC. */
  pattern: string
}

interface WorkerLogger {
  error(fields: object, message: string): void
  warn(fields: object, message: string): void
  debug(fields: object, message: string): void
}

interface WorkerOptions {
  /** Bypasses PgBouncer: the runner uses LISTEN and named statements. */
  pool: pg.Pool
  tasks: Record<string, Task>
  cron: CronJob[]
  concurrency: number
  logger: WorkerLogger
}

/**
 * Runs jobs until it is stopped; jobs under way then end or are released. graphile-worker's runner ends for good
 * when one statement that completes its jobs fails, as when PostgreSQL restarts: then another one begins.
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
        options.logger.error(
          { err: error ?? undefined },
          'the job runner ended; another one begins',
        )
        // Releases its advisory lock, and so its jobs for others.
        await runner.stop()
        runner = null
      }
      await setTimeout(BEGIN_AGAIN_AFTER_MS, undefined, { signal: stopping.signal }).catch(() => {})
      if (stopping.signal.aborted) return
      runner = await runJobs(options).catch((fault: Error) => {
        options.logger.warn({ err: fault }, 'the job runner could not begin; it is tried again')
        return null
      })
    }
  }

  return {
    async stop() {
      stopping.abort()
      await runner?.stop()
      await going
      // A runner that was just beginning.
      await runner?.stop()
    },
  }
}

interface JobRunner {
  /** Resolves when it has ended, asked or not; with the error that ended it, if any. */
  ended: Promise<Error | null>
  /** Lets jobs under way end, or releases them, and returns those that wait. */
  stop(): Promise<void>
}

/** One runner of graphile-worker's, with its advisory lock. @throws when the database is away */
async function runJobs(options: WorkerOptions): Promise<JobRunner> {
  const { pool, tasks, concurrency, logger } = options
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
    // The main program handles signals: it stops the web first, then the worker, then the database.
    noHandleSignals: true,
    logger: createLogger(logger),
    preset: {
      worker: {
        gracefulShutdownAbortTimeout: SHUTDOWN_TIMEOUT_MS,
        // Each form adds a job, and most jobs are short: they are fetched and completed in batches.
        localQueue: { size: 2 * concurrency, ttl: QUEUED_FOR_MS },
        completeJobBatchDelay: COMPLETE_TOGETHER_MS,
      },
    },
  })
  const [{ workerPool }] = await created
  const abandoned = freeAbandoned(pool, workerPool.id, logger)
  const ended = runner.promise.then(
    () => null,
    (error: Error) => error,
  )
  return {
    ended,
    async stop() {
      await runner.stop().catch((error: Error) => logger.debug({ err: error }, 'job runner'))
      await ended
      await abandoned.stop()
    },
  }
}

function parseCron(cron: CronJob[]): ParsedCronItem[] {
  // No backfill: each of these tasks catches up by itself after a stop.
  return parseCronItems(cron.map(({ task, pattern }) => ({ task, match: pattern })))
}

/**
 * Drops the runner's lines about single jobs: their number and times would tell whether a request for a withdrawal
 * link had a mail sent. Lines name tasks and ids; we keep payloads out.
 */
function createLogger(logger: WorkerLogger): Logger {
  return new Logger(() => (level, message, meta) => {
    const error = meta?.error
    const fields = error instanceof Error ? { err: error } : {}
    if (level === 'error') logger.error(fields, message)
    else if (level === 'warning') logger.warn(fields, message)
  })
}
