import { EventEmitter, once } from 'node:events'
import { run, type TaskList, type WorkerEventMap, type WorkerEvents } from 'graphile-worker'
import type pg from 'pg'
import { endsInTime } from '../in-time.ts'
import { lendPool } from './lend-pool.ts'
import { createRunnerLogger, type RunnerLogger } from './log-runner.ts'
import { openRunnerSession } from './runner-session.ts'

/** Jobs that have ended are written down together; after a crash before that they run again. */
const WRITE_TOGETHER_MS = 25
/** Jobs that were fetched and wait here for longer are returned, for an idle worker. */
const QUEUED_FOR_MS = 15_000
/** An idle runner fetches every two seconds. One that has not for so long will never again. */
const STALLED_AFTER_MS = 30_000
/** How long jobs under way may still end in a runner that ends by itself: it may never get so far. */
const ENDS_WITHIN_MS = 5000
const UNLOCK_WITHIN_MS = 1000

export type Task = (payload: unknown) => Promise<void>

export interface RunnerOptions {
  /** Bypasses PgBouncer: the runner uses LISTEN and named statements. */
  pool: pg.Pool
  tasks: Record<string, Task>
  concurrency: number
  logger: RunnerLogger
  /** Whether it may be the one that runs the schedule. */
  mayLead?: boolean
}

export interface JobRunner {
  /**
   * Null while it works. It has stalled when it could take jobs and has not even asked for long, be it that the
   * database is away or that graphile-worker waits for what never comes. When the answer to a statement is lost,
   * jobs may be locked for it that it will never hear of.
   */
  whyOver(): 'ended' | 'stalled' | 'lost an answer' | null
  leads(): boolean
  /**
   * Lets jobs under way end for so many milliseconds and returns those that wait. After that the jobs are others',
   * and what becomes of them here is not written down.
   */
  stop(patience: number): Promise<void>
}

/** One runner of graphile-worker's, with its session. @throws when the database is away */
export async function beginRunner(
  { pool, tasks, concurrency, logger, mayLead = true }: RunnerOptions,
  onError: (error: unknown) => void,
): Promise<JobRunner> {
  // graphile-worker keeps the promise of its first write, also one that was rejected by a read-only database.
  await pool.query("select graphile_worker.force_unlock_workers('{}')")
  const events: WorkerEvents = new EventEmitter()
  const created = once(events, 'pool:create') as Promise<[WorkerEventMap['pool:create']]>
  const jobs = guardTasks(tasks)
  let fetchedAt = performance.now()
  events.on('localQueue:getJobs:complete', () => {
    fetchedAt = performance.now()
  })
  let lostAnAnswer = false
  const lent = lendPool(pool, () => {
    lostAnAnswer = true
  })
  let endsSince = Number.POSITIVE_INFINITY
  events.on('pool:gracefulShutdown', () => {
    endsSince = performance.now()
  })
  // From then on graphile-worker throws where nobody catches when it is told that a job has ended.
  events.on('pool:forcefulShutdown', jobs.disown)
  const runner = await run({
    events,
    pgPool: lent,
    taskList: jobs.taskList,
    concurrency,
    // The main program handles signals: it stops the web first, then the worker, then the database.
    noHandleSignals: true,
    logger: createRunnerLogger(logger, onError),
    preset: {
      worker: {
        // Each form adds a job, and most jobs are short: they are fetched and completed in batches.
        localQueue: { size: 2 * concurrency, ttl: QUEUED_FOR_MS },
        completeJobBatchDelay: WRITE_TOGETHER_MS,
        // Without it, a failed job that can't be written down is a rejection that nobody handles.
        failJobBatchDelay: WRITE_TOGETHER_MS,
      },
    },
  })
  let isOver = false
  const ended = runner.promise.catch(onError).then(() => {
    isOver = true
  })
  const [{ workerPool }] = await created
  const session = openRunnerSession(pool, workerPool.id, mayLead, logger, onError)

  return {
    whyOver() {
      if (isOver || performance.now() - endsSince > ENDS_WITHIN_MS) return 'ended'
      if (lostAnAnswer) return 'lost an answer'
      const isIdle = jobs.underWay() < concurrency
      return isIdle && performance.now() - fetchedAt > STALLED_AFTER_MS ? 'stalled' : null
    },
    leads: session.leads,
    async stop(patience) {
      const endedItself = endsSince < Number.POSITIVE_INFINITY
      const orderly = Promise.all([runner.stop().catch(() => {}), ended])
      const isQuiet = await endsInTime(orderly, patience)
      jobs.disown()
      await endsInTime(session.stop(), UNLOCK_WITHIN_MS)
      if (isQuiet && !endedItself && !lostAnAnswer) return
      const unlock = pool.query('select graphile_worker.force_unlock_workers($1)', [
        [workerPool.id],
      ])
      await endsInTime(unlock.catch(onError), UNLOCK_WITHIN_MS)
    },
  }
}

/** The tasks, whose outcome nobody learns once they are disowned. */
function guardTasks(tasks: RunnerOptions['tasks']) {
  let isOurs = true
  let underWay = 0
  const taskList: TaskList = {}
  for (const [name, task] of Object.entries(tasks)) {
    taskList[name] = async (payload) => {
      underWay++
      try {
        await task(payload)
      } catch (error) {
        if (isOurs) throw error
      } finally {
        underWay--
      }
      // Never settles, and is collected with the runner that waits for it.
      if (!isOurs) await new Promise(() => {})
    }
  }
  return {
    taskList,
    underWay: () => underWay,
    disown: () => {
      isOurs = false
    },
  }
}
