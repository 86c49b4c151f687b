import { parseCronItems } from 'graphile-worker'
import type pg from 'pg'
import { MINUTE } from '../clock.ts'
import { repeat } from './repeat.ts'

const LOOK_EVERY_MS = 10_000
/** A worker that leads for the first time adds what became due so recently: maybe nobody has. */
const RECENT_MINUTES = 2
/** No pattern of ours is rarer than once a day. */
const LONGEST_MINUTES = 24 * 60

export interface CronJob {
  task: string
  /** Five fields as crontab(5) has them, in UTC. */
  pattern: string
}

/**
 * Adds the jobs of the schedule, by the database's clock, which is one for all workers. graphile-worker's own schedule
 * follows each worker's clock, and waits for the old time to come again when that is set back.
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
  const timetable = createTimetable(cron)

  async function look(): Promise<void> {
    if (cron.length === 0 || !leads()) return
    const { rows } = await pool.query<{ now: Date }>('select now() as now')
    const { tasks, added } = timetable.dueAt(rows[0]!.now)
    if (tasks.length > 0) {
      // One that waits is replaced: a job that is late runs once.
      await pool.query(
        `select graphile_worker.add_job(task, job_key => 'scheduled:' || task)
           from unnest($1::text[]) as task`,
        [tasks],
      )
    }
    added()
  }

  return repeat({ every: LOOK_EVERY_MS, work: look, onError })
}

/**
 * A task is due when the last minute that its pattern names is another one than when it was added last. So nothing
 * waits for a minute that may be far away, whatever the clock does.
 */
export function createTimetable(cron: CronJob[]) {
  const items = parseCronItems(cron.map(({ task, pattern }) => ({ task, match: pattern })))
  let last: Map<string, number> | null = null

  function lastNamed(until: number): Map<string, number> {
    const found = new Map<string, number>()
    for (let at = until; at > until - LONGEST_MINUTES && found.size < items.length; at--) {
      const moment = digest(new Date(at * MINUTE))
      for (const { task, match } of items) {
        if (!found.has(task) && match(moment)) found.set(task, at)
      }
    }
    return found
  }

  return {
    dueAt(now: Date): { tasks: string[]; added(): void } {
      const minute = Math.floor(now.getTime() / MINUTE)
      const named = lastNamed(minute)
      const before = last ?? lastNamed(minute - RECENT_MINUTES)
      const tasks = [...named.keys()].filter((task) => named.get(task) !== before.get(task))
      return {
        tasks,
        added() {
          last = named
        },
      }
    },
  }
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
