import type pg from 'pg'

/** A living runner asks something every five seconds; a minute of silence is no busy machine. */
const FROZEN_AFTER_MS = 60_000

/**
 * Ends the sessions of runners that have stopped without ending, as by SIGSTOP, a paused virtual machine or an event
 * loop that turns in circles: their kernel keeps the connection alive, and with it the locks for which others wait.
 * Silence is measured by our own steady clock, as a last request that stays the same: the database's clock may be set
 * meanwhile.
 */
export function createFrozenSessions(
  logger: { warn(fields: object, message: string): void },
  frozenAfter = FROZEN_AFTER_MS,
) {
  /** By process id of PostgreSQL: its last request, and since when that is the last. */
  let known = new Map<number, { last: string; since: number }>()

  return {
    /**
     * Locks of other databases of the server are other sites': theirs have the same keys.
     *
     * @param keys advisory locks, as SQL; `locked_by` stands for the holder of a job
     * @param runner our own id: we live
     */
    async terminate(session: pg.PoolClient, runner: string, keys: string[]): Promise<void> {
      const { rows } = await session.query<{ pid: number; last: string }>(
        `with keys as (
           select ${keys.map((key) => `array_agg(distinct ${key})`).join(' || ')} as all
             from (select locked_by from graphile_worker.jobs
                    where locked_by is not null and locked_by <> $1
                    union select '') as holder)
         select distinct a.pid, a.state_change::text as last
           from keys, pg_locks l join pg_stat_activity a on a.pid = l.pid
          where l.locktype = 'advisory' and l.granted and l.objsubid = 1
            and l.database = (select oid from pg_database where datname = current_database())
            and ((l.classid::bigint << 32) | l.objid::bigint) = any (keys.all)
            and a.pid <> pg_backend_pid() and a.state_change is not null`,
        [runner],
      )
      const now = performance.now()
      const before = known
      known = new Map(
        rows.map(({ pid, last }) => {
          const seen = before.get(pid)
          return [pid, seen?.last === last ? seen : { last, since: now }]
        }),
      )
      for (const [pid, { since }] of known) {
        if (now - since < frozenAfter) continue
        await session.query('select pg_terminate_backend($1)', [pid])
        known.delete(pid)
        logger.warn({ pid }, 'a worker is frozen: its connection was ended, its jobs go to others')
      }
    },
  }
}
