import type pg from 'pg'
import { MINUTE } from '../clock.ts'
import { repeat } from './repeat.ts'

/** Once a minute, in the runner that leads: see `bringForward`. */
export function mendClock(
  pool: pg.Pool,
  options: {
    leads: () => boolean
    logger: { warn(fields: object, message: string): void }
    onError: (error: unknown) => void
  },
): { stop(): Promise<void> } {
  async function look(): Promise<void> {
    const jobs = options.leads() ? await bringForward(pool) : 0
    if (jobs === 0) return
    options.logger.warn(
      { jobs },
      'the clock of the database was set back: jobs that it would have kept waiting run now; check its time service',
    )
  }
  return repeat({ every: MINUTE, work: look, onError: options.onError })
}

/**
 * Jobs become due by the database's clock. When that is set back, those added or put off before would wait for as
 * long as it went back, a day maybe. They are known by a last change that lies in the future, and become due now.
 *
 * @returns how many they were
 */
export async function bringForward(pool: Pick<pg.Pool, 'query'>): Promise<number> {
  const { rowCount } = await pool.query(
    `select graphile_worker.reschedule_jobs(array_agg(id), run_at => now())
       from graphile_worker.jobs
      where updated_at > now() + interval '1 minute' and run_at > now() and locked_at is null
     having count(*) > 0`,
  )
  return rowCount ?? 0
}
