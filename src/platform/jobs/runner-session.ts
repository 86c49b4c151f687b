import type pg from 'pg'
import { repeat } from './repeat.ts'
import { createFrozenSessions } from './terminate-frozen.ts'

const LOOK_EVERY_MS = 5000
/** A worker that has just started may hold jobs before it holds its lock. */
const SETTLED_AFTER_SECONDS = 10
/** PostgreSQL then notices within half a minute, not hours, that a worker's machine is gone. */
const KEEPALIVE =
  'set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3'
const LEADER = "hashtextextended('job-leader', 0)"
const lockOf = (runner: string) => `hashtextextended('job-runner:' || ${runner}, 0)`

interface RunnerSession {
  /** Whether this runner is the one that does what only one may do: the schedule. */
  leads(): boolean
  stop(): Promise<void>
}

/**
 * graphile-worker leaves the jobs of a killed runner locked for four hours. So each runner holds an advisory
 * lock while its session lasts, and the jobs of a runner whose lock is free are released for the others.
 * When the session of a living runner breaks, some of its jobs run twice at once, which every task tolerates.
 * One of the runners also holds the leader's lock; another gets it when that session ends.
 *
 * @param pool bypasses PgBouncer: the advisory locks belong to a session
 * @param runner graphile-worker's id of it, by which its jobs are locked
 * @param onError is told that a look failed; the next one begins a new session
 */
export function openRunnerSession(
  pool: pg.Pool,
  runner: string,
  mayLead: boolean,
  logger: { warn(fields: object, message: string): void },
  onError: (error: unknown) => void,
): RunnerSession {
  let session: pg.PoolClient | null = null
  let leads = false
  const frozen = createFrozenSessions(logger)

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
    leads = false
    client.release(true)
  }

  async function look(): Promise<void> {
    await first
    const client = await live()
    if (mayLead && !leads) {
      const { rows } = await client.query(`select pg_try_advisory_lock(${LEADER}) as leads`)
      leads = session === client && rows[0].leads
    }
    await frozen.terminate(client, runner, [LEADER, lockOf('locked_by')])
    for (const gone of await findGone(client, runner)) {
      await pool.query('select graphile_worker.force_unlock_workers($1)', [[gone]])
      logger.warn({ runner: gone }, 'a worker ended without a word: its jobs go to the others')
    }
  }

  // At once: others take a runner without a lock for dead soon after its first job.
  const first = live().catch(() => {})
  const looks = repeat({
    every: LOOK_EVERY_MS,
    work: look,
    onError(error) {
      if (session) leave(session)
      onError(error)
    },
  })
  return {
    leads: () => leads,
    async stop() {
      const ended = looks.stop()
      // Before a look under way has ended: it may wait for a server that doesn't answer.
      if (session) leave(session)
      await ended
      await first
      if (session) leave(session)
    },
  }
}

/**
 * A lock that can be taken is nobody's, or our own; it is released with the statement's transaction. A job that was
 * locked in the future was locked before the database's clock was set back.
 */
async function findGone(session: pg.PoolClient, runner: string): Promise<string[]> {
  const { rows } = await session.query<{ runner: string }>(
    `with holders as materialized (
       select locked_by, min(locked_at) as since
         from graphile_worker.jobs where locked_by is not null group by 1)
     select locked_by as runner from holders
      where (since < now() - $1 * interval '1 second' or since > now() + $1 * interval '1 second')
        and locked_by <> $2
        and pg_try_advisory_xact_lock(${lockOf('locked_by')})`,
    [SETTLED_AFTER_SECONDS, runner],
  )
  return rows.map((row) => row.runner)
}
