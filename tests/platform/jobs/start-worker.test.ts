import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { startWorker } from '../../../src/platform/jobs/start-worker.ts'
import { useHarness } from '../../support/harness.ts'
import { runSql } from '../../support/test-database.ts'
import { until } from '../../support/until.ts'

describe('a worker whose database goes away', () => {
  const harness = useHarness()

  const addJob = (of: string) =>
    runSql(harness.databaseUrl, `select graphile_worker.add_job('note', '{"of": "${of}"}')`)

  it('as a job ends, goes on when it is back: with what comes then, and with that very job', async () => {
    const done: string[] = []
    const note = async (payload: unknown) => {
      const { of } = payload as { of: string }
      done.push(of)
      // What ends the job will fail.
      if (of === 'cut' && done.length === 1) await harness.wire.cut()
    }
    const worker = await startWorker({
      pool: harness.connection.pool,
      tasks: { note },
      cron: [],
      concurrency: 2,
      logger: harness.site.logger,
    })
    try {
      await addJob('cut')
      await until(() => done.length >= 1)
      await setTimeout(500)
      await harness.wire.mend()
      await addJob('later')
      await until(() => done.length >= 3)
      assert.deepEqual(done.toSorted(), ['cut', 'cut', 'later'])
      const left = 'select 1 from graphile_worker._private_jobs'
      await until(async () => (await runSql(harness.databaseUrl, left)).rowCount === 0)
    } finally {
      await worker.stop()
    }
    assert.ok(harness.logged.some((line) => line.includes('the job runner ended')))
    const ofJobs = harness.logged.filter((line) => /(?:Found|Completed) task/.test(line))
    assert.deepEqual(ofJobs, [], 'no line for each job: it would tell what was mailed')
  })
})
