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
import type pg from 'pg'
import { freeAbandoned } from './free-abandoned.ts'

/** How long a job may still run after the stop; then it is released for another worker. */
const SHUTDOWN_TIMEOUT_MS = 10_000

const COMPLETE_TOGETHER_MS = 25

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

/**
 * Works jobs off until it is stopped; jobs under way then end or are released.
 *
 * @param options.pool past any pooler: the runner listens, and its statements have names
 */
export async function startWorker(options: {
  pool: pg.Pool
  tasks: Record<string, Task>
  cron: CronJob[]
  concurrency: number
  log: WorkerLog
}): Promise<{ stop(): Promise<void> }> {
  const taskList: TaskList = Object.fromEntries(
    Object.entries(options.tasks).map(([name, task]) => [
      name,
      (payload: unknown) => task(payload),
    ]),
  )
  const events: WorkerEvents = new EventEmitter()
  const created = once(events, 'pool:create') as Promise<[WorkerEventMap['pool:create']]>
  const runner = await run({
    events,
    pgPool: options.pool,
    taskList,
    parsedCronItems: parseCron(options.cron),
    concurrency: options.concurrency,
    // Signals are the main program's: it stops the web first, then the worker, then the database.
    noHandleSignals: true,
    logger: createLogger(options.log),
    preset: {
      worker: {
        gracefulShutdownAbortTimeout: SHUTDOWN_TIMEOUT_MS,
        // Taken and ended together: a form leaves a job of its own, and most jobs are short.
        localQueue: { size: 2 * options.concurrency },
        completeJobBatchDelay: COMPLETE_TOGETHER_MS,
      },
    },
  })
  const [{ workerPool }] = await created
  const abandoned = freeAbandoned(options.pool, workerPool.id, options.log)
  let stopped = false
  // When the database goes away for long the runner gives up; the caller's supervisor starts anew.
  runner.promise.catch((error: Error) => options.log.error({ err: error }, 'the job runner ended'))
  return {
    async stop() {
      if (stopped) return
      stopped = true
      await runner.stop().catch((error: Error) => options.log.warn({ err: error }, 'job runner'))
      await abandoned.stop()
    },
  }
}

function parseCron(cron: CronJob[]): ParsedCronItem[] {
  // No backfill: each of these tasks makes good by itself what a stopped server missed.
  return parseCronItems(cron.map(({ task, pattern }) => ({ task, match: pattern })))
}

/** The runner's own lines name tasks and ids; payloads are ours to keep out. */
function createLogger(log: WorkerLog): Logger {
  return new Logger(() => (level, message, meta) => {
    const error = meta?.error
    const fields = error instanceof Error ? { err: error } : {}
    if (level === 'error') log.error(fields, message)
    else if (level === 'warning') log.warn(fields, message)
    else log.debug(fields, message)
  })
}
