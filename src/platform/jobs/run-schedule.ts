import { type CronItem, parseCronItems } from 'graphile-worker'
import type pg from 'pg'
import { MINUTE } from '../clock.ts'
import { repeat } from './repeat.ts'

const LOOK_EVERY_MS = 10_000
/** A worker that leads for the first time adds what became due so recently: maybe nobody has. */
const RECENT_MS = 2 * MINUTE
/** No pattern of ours is rarer than once a day. */
const LONGEST_MINUTES = 24 * 60

export interface CronJob {
  task: string
  /** Five fields as crontab(5) has them, in UTC. */
  pattern: string
}

/**
 * Adds the jobs of the schedule. A job is due when the last moment of its pattern is another one than at the look
 * before: whatever the clock does, also when it is set back, nothing waits for a moment that may be far away.
 * graphile-worker's own schedule would wait. The clock is the database's, one for all workers.
 *
 * There is no backfill: each of these tasks catches up by itself after a stop.
 *
 * @param leads true in one of all runners
 */
export function runSchedule(
  pool: pg.Pool,
  cron: CronJob[],
  { leads, onError }: { leads: () => boolean; onError: (error: unknown) => void },
): { stop(): Promise<void> } {
  const items = parseCronItems(
    cron.map(({ task, pattern }): CronItem => ({ task, match: pattern })),
  )
  let minute: number | null = null
  let added = new Map<string, number>()

  async function look(): Promise<void> {
    if (items.length === 0 || !leads()) return
    const { rows } = await pool.query<{ now: Date }>('select now() as now')
    const now = Math.floor(rows[0]!.now.getTime() / MINUTE)
    if (now === minute) return
    const before = minute === null ? lastDue(now - RECENT_MS / MINUTE) : added
    const due = lastDue(now)
    const tasks = [...due.keys()].filter((task) => due.get(task) !== before.get(task))
    // One that waits is replaced: a job that is late runs once.
    await pool.query(
      `select graphile_worker.add_job(task, job_key => 'scheduled:' || task)
         from unnest($1::text[]) as task`,
      [tasks],
    )
    minute = now
    added = due
  }

  /** By task, the last minute up to this one that its pattern names. */
  function lastDue(until: number): Map<string, number> {
    const found = new Map<string, number>()
    for (let at = until; at > until - LONGEST_MINUTES && found.size < items.length; at--) {
      const moment = digest(new Date(at * MINUTE))
      for (const { task, match } of items) {
        if (!found.has(task) && match(moment)) found.set(task, at)
      }
    }
    return found
  }

  return repeat({ every: LOOK_EVERY_MS, work: look, onError })
}

function digest(moment: Date) {
  return {
    min: moment.getUTCMinutes(),
    hour: moment.getUTCHours(),
    date: moment.getUTCDate(),
    month: moment.getUTCMonth() + 1,
    dow: moment.getUTCDay(),
  }
}
