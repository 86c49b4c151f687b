import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import pg from 'pg'
import { startWorker } from '../../../src/platform/jobs/start-worker.ts'
import { type Harness, startHarness } from '../../support/harness.ts'
import { runSql } from '../../support/test-database.ts'
import { until } from '../../support/until.ts'

describe('the jobs of a worker that was killed', () => {
  let harness: Harness
  let living: pg.Client
  before(async () => {
    harness = await startHarness()
    living = new pg.Client(harness.databaseUrl)
    await living.connect()
  })
  after(async () => {
    await living.end()
    await harness.close()
  })

  it('are done by another within seconds; those of one that lives are left to it', async () => {
    for (const runner of ['pool-killed', 'pool-living']) {
      await runSql(
        harness.databaseUrl,
        `select graphile_worker.add_job('note', '{"of": "${runner}"}')`,
      )
      await runSql(
        harness.databaseUrl,
        `update graphile_worker._private_jobs
            set locked_by = '${runner}', locked_at = now() - interval '1 minute'
          where locked_by is null`,
      )
    }
    await living.query("select pg_advisory_lock(hashtextextended('job-runner:pool-living', 0))")
    const done: unknown[] = []
    const note = async (payload: unknown) => {
      done.push(payload)
    }
    const { connection, site } = harness
    const worker = await startWorker({
      pool: connection.pool,
      tasks: { note },
      cron: [],
      concurrency: 2,
      logger: site.logger,
    })
    try {
      await until(() => done.length > 0)
      assert.deepEqual(done, [{ of: 'pool-killed' }])
      // A process that dies loses its session, and with it its locks.
      await living.end()
      await until(() => done.length > 1)
      assert.deepEqual(done, [{ of: 'pool-killed' }, { of: 'pool-living' }])
    } finally {
      await worker.stop()
    }
  })
})
