import type { FastifyBaseLogger } from 'fastify'
import type pg from 'pg'
import type { PublicLog } from '../log/public-log.ts'
import { SECOND } from '../platform/clock.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import { endsInTime } from '../platform/in-time.ts'
import { repeat } from '../platform/jobs/repeat.ts'
import { startWorker } from '../platform/jobs/start-worker.ts'
import { paceErrors } from '../platform/logger.ts'
import type { Mailer } from '../platform/mail/mail.ts'
import type { Failover } from '../restoring/accept-failover.ts'
import type { Restoring } from '../restoring/restoring.ts'
import { createTasks, logMails, splitTasks } from './create-tasks.ts'
import { cron } from './cron.ts'
import { MARK_COMPLAINT, runCounting, runRaising, runSealing, runSequencer } from './run-loops.ts'

const WORKER_CONCURRENCY = 4
/** Most of them only wait for the mails of their signers, which go out in a few batches at a time. */
const MAIL_CONCURRENCY = 20
const LOOK_EVERY_MS = SECOND
/** A little longer than jobs may take to end. */
const STOP_MS = 14 * SECOND

type Needs = Parameters<typeof createTasks>[0] &
  Parameters<typeof runCounting>[0] &
  Parameters<typeof runSealing>[0] & {
    config: { logInterval: number; databaseFailover: Failover }
    publicLog: PublicLog
    restoring: Restoring
    mailer: Pick<Mailer, 'windDown'>
  }

interface Stoppable {
  stop(): Promise<unknown>
}

/**
 * Runs the jobs and the loops beside them, unless the database was restored and waits for `log rebuild`.
 *
 * @param directPool bypasses PgBouncer: LISTEN. Null for a node that runs no jobs: it only logs for the
 *   operator that the site is closed
 */
export function startJobs(
  needs: Needs,
  directPool: pg.Pool | null,
): Promise<{ stop(): Promise<void> }> {
  return runUnlessClosed(needs, async () =>
    directPool ? beginJobs(needs, directPool) : { stop: async () => {} },
  )
}

async function beginJobs(needs: Needs, directPool: pg.Pool): Promise<Stoppable> {
  const { config, logger, publicLog, restoring } = needs
  const writer = await publicLog.openWriter()
  await restoring.raiseMark().catch((error: NodeJS.ErrnoException) => {
    // Of the file system, such as a full disk: the loop below tries again, and the log waits by itself.
    if (!error.syscall || isDatabaseAway(error)) throw error
    logger.warn({ err: error }, MARK_COMPLAINT)
  })
  const ofMails = logMails(logger)
  const { mails, others } = splitTasks(createTasks(needs, ofMails))
  const shared = { pool: directPool, logger }
  const worker = await startWorker({
    ...shared,
    tasks: others,
    cron,
    concurrency: WORKER_CONCURRENCY,
  })
  // A runner of their own: however long mails take, nothing else waits for them.
  const mailing = await startWorker({
    ...shared,
    tasks: mails,
    cron: [],
    concurrency: MAIL_CONCURRENCY,
  })
  const counting = runCounting(needs)
  const sealing = runSealing(needs)
  const sequencer = runSequencer(needs, writer, config.logInterval)
  const raising = runRaising(needs)
  return {
    /** Together: each may wait for a database that doesn't answer. */
    async stop() {
      const resumeMails = needs.mailer.windDown()
      const parts = [raising, sequencer, sealing, counting, worker, mailing]
      const all = parts.map((part) => part.stop())
      if (!(await endsInTime(Promise.all(all), STOP_MS))) {
        logger.warn('some work did not end in time: others do it, or the next start')
      }
      resumeMails()
      ofMails.close()
    },
  }
}

/**
 * Runs work that must not touch a restored database: begins it now or once `log rebuild` has run, stops it
 * when the database is restored under it, and logs each of these for the operator.
 *
 * @throws the error of `begin` the first time, unless the database is away; later it is tried again
 */
async function runUnlessClosed(
  { restoring, logger }: { restoring: Pick<Restoring, 'whyClosed'>; logger: FastifyBaseLogger },
  begin: () => Promise<Stoppable>,
): Promise<{ stop(): Promise<void> }> {
  let running: Stoppable | null = null
  let logged: string | null = null

  async function look(): Promise<void> {
    const why = await restoring.whyClosed()
    if (why !== null) {
      if (logged === null) logger.fatal(why)
      logged = why
      await end()
    } else if (!running) {
      running = await begin()
      if (logged !== null)
        logger.info('the site goes on: the database is the one that the log is of')
      logged = null
    }
  }

  async function end(): Promise<void> {
    const ending = running
    running = null
    await ending?.stop()
  }

  const faults = paceErrors((fields) =>
    logger.warn(fields, 'the worker could not begin; it is tried again'),
  )
  await look().catch((error: unknown) => {
    if (!isDatabaseAway(error)) throw error
    faults.note(error)
  })
  const loop = repeat({ every: LOOK_EVERY_MS, work: look, onError: faults.note })
  return {
    async stop() {
      await endsInTime(loop.stop(), STOP_MS)
      await end()
      faults.close()
    },
  }
}
