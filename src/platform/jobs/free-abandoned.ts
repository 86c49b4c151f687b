import type pg from 'pg'
import { repeat } from './repeat.ts'

const LOOK_EVERY_MS = 5000
/** A worker that has just started may hold jobs before it holds its lock. */
const SETTLED_AFTER_SECONDS = 10
/** PostgreSQL then notices within half a minute, not hours, that a worker's machine is gone. */
const KEEPALIVE =
  'set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3'
const lockOf = (runner: string) => `hashtextextended('job-runner:' || ${runner}, 0)`

/**
 * graphile-worker leaves the jobs of a killed runner locked for four hours. So each runner holds an advisory
 * lock while its session lasts, and the jobs of a runner whose lock is free are released for the others.
 * When the session of a living runner breaks, some of its jobs run twice at once, which every task tolerates.
 *
 * @param pool bypasses PgBouncer: the advisory lock belongs to a session
 * @param runner graphile-worker's id of it, by which its jobs are locked
 */
export function freeAbandoned(
  pool: pg.Pool,
  runner: string,
  logger: { warn(fields: object, message: string): void },
): { stop(): Promise<void> } {
  let session: pg.PoolClient | null = null

  async function live(): Promise<pg.PoolClient> {
    if (session) return session
    const client = await pool.connect()
    client.once('error', () => leave(client))
    try {
      await client.query(KEEPALIVE)
      await client.query(`select pg_advisory_lock(${lockOf('$1')})`, [runner])
    } catch (error) {
      client.release(true)
      throw error
    }
    session = client
    return client
  }

  function leave(client: pg.PoolClient): void {
    if (session !== client) return
    session = null
    client.release(true)
  }

  // At once: others take a runner without a lock for dead soon after its first job.
  const first = live().catch(() => {})
  const looks = repeat({
    every: LOOK_EVERY_MS,
    async work() {
      await first
      for (const gone of await findGone(await live(), runner)) {
        await pool.query('select graphile_worker.force_unlock_workers($1)', [[gone]])
        logger.warn({ runner: gone }, 'a worker ended without a word: its jobs go to the others')
      }
    },
    onError(error) {
      if (session) leave(session)
      logger.warn({ err: error }, 'jobs of workers that ended are looked for again soon')
    },
  })
  return {
    async stop() {
      await looks.stop()
      await first
      if (session) leave(session)
    },
  }
}

/** A lock that can be taken is nobody's, or our own; it is released with the statement's transaction. */
async function findGone(session: pg.PoolClient, runner: string): Promise<string[]> {
  const { rows } = await session.query<{ runner: string }>(
    `with holders as materialized (
       select locked_by, min(locked_at) as since
         from graphile_worker.jobs where locked_by is not null group by 1)
     select locked_by as runner from holders
      where since < now() - $1 * interval '1 second'
        and locked_by <> $2
        and pg_try_advisory_xact_lock(${lockOf('locked_by')})`,
    [SETTLED_AFTER_SECONDS, runner],
  )
  return rows.map((row) => row.runner)
}
