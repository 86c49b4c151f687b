import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY, HOUR, MINUTE } from '../../../src/platform/clock.ts'
import { bringForward } from '../../../src/platform/jobs/mend-clock.ts'
import { createTimetable } from '../../../src/platform/jobs/run-schedule.ts'
import { useHarness } from '../../support/harness.ts'
import { runSql } from '../../support/test-database.ts'

describe('the schedule', () => {
  const start = Date.parse('2026-10-24T12:00:00Z')

  /** Looks once a minute. */
  function startTimetable() {
    const timetable = createTimetable([
      { task: 'often', pattern: '*/10 * * * *' },
      { task: 'nightly', pattern: '20 3 * * *' },
    ])
    let now = start
    return {
      set(milliseconds: number) {
        now += milliseconds
      },
      pass(milliseconds: number): Record<string, number> {
        const counts: Record<string, number> = { often: 0, nightly: 0 }
        for (const end = now + milliseconds; now < end; now += MINUTE) {
          const { tasks, added } = timetable.dueAt(new Date(now))
          for (const task of tasks) counts[task]!++
          added()
        }
        return counts
      },
    }
  }

  it('runs each task when its minute comes, across the end of summer time, too', () => {
    const { pass } = startTimetable()
    assert.deepEqual(pass(2 * DAY), { often: 288, nightly: 2 })
  })

  for (const [what, by] of [
    ['back', -DAY],
    ['forward', DAY],
  ] as const) {
    it(`goes on when the clock is set ${what} by a day, and runs nothing many times`, () => {
      const { set, pass } = startTimetable()
      pass(HOUR)
      set(by)
      const { often, nightly } = pass(DAY)
      assert.ok(often! >= 144 && often! <= 146, `${often}`)
      assert.ok(nightly! >= 1 && nightly! <= 2, `${nightly}`)
    })
  }

  it('that a failure kept from adding tries again', () => {
    const timetable = createTimetable([{ task: 'nightly', pattern: '20 3 * * *' }])
    timetable.dueAt(new Date(start)).added()
    const night = new Date(start + 16 * HOUR)
    assert.deepEqual(timetable.dueAt(night).tasks, ['nightly'])
    const later = timetable.dueAt(new Date(night.getTime() + HOUR))
    assert.deepEqual(later.tasks, ['nightly'])
    later.added()
    assert.deepEqual(timetable.dueAt(night).tasks, [])
  })
})

describe('jobs that wait when the clock of the database is set back', () => {
  const harness = useHarness()

  it('become due; those that were put off since then wait on', async () => {
    const { databaseUrl, connection } = harness
    await runSql(
      databaseUrl,
      `select graphile_worker.add_job('before', run_at => now() + interval '1 day');
       select graphile_worker.add_job('since', run_at => now() + interval '1 day');
       update graphile_worker._private_jobs set updated_at = now() + interval '1 day'
        where task_id = (select id from graphile_worker._private_tasks where identifier = 'before')`,
    )
    assert.equal(await bringForward(connection.pool), 1)
    const due = `select task_identifier as task from graphile_worker.jobs
                  where task_identifier in ('before', 'since') and run_at <= now()`
    assert.deepEqual((await runSql(databaseUrl, due)).rows, [{ task: 'before' }])
    assert.equal(await bringForward(connection.pool), 0)
  })
})
