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

/** Before another runner takes the place of one that ended by itself. */
const BEGIN_AGAIN_AFTER_MS = 1000

export type Task = (payload: unknown) => Promise<void>

export interface CronJob {
  task: string
  /** Five fields as crontab(5) has them, in UTC. */
  pattern: string
}

export interface WorkerLogger {
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
  logger: WorkerLogger
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
        options.logger.error(
          { err: error ?? undefined },
          'the job runner ended; another one begins',
        )
        // Its jobs are free for others once its sign of life is gone.
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
      // One that was just beginning.
      await runner?.stop()
    },
  }
}

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
    // Signals are the main program's: it stops the web first, then the worker, then the database.
    noHandleSignals: true,
    logger: createLogger(logger),
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
  // No backfill: each of these tasks makes good by itself what a stopped server missed.
  return parseCronItems(cron.map(({ task, pattern }) => ({ task, match: pattern })))
}

/**
 * The runner's own lines name tasks and ids; payloads are ours to keep out. So are its lines about each job that was
 * found or done: their number and times would tell whether a link to withdraw had a mail sent.
 */
function createLogger(logger: WorkerLogger): Logger {
  return new Logger(() => (level, message, meta) => {
    const error = meta?.error
    const fields = error instanceof Error ? { err: error } : {}
    if (level === 'error') logger.error(fields, message)
    else if (level === 'warning') logger.warn(fields, message)
  })
}
