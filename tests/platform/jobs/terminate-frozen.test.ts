import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { createFrozenSessions } from '../../../src/platform/jobs/terminate-frozen.ts'
import { useHarness } from '../../support/harness.ts'
import { runSql } from '../../support/test-database.ts'
import { until } from '../../support/until.ts'

const FROZEN_AFTER_MS = 300
const LEADER = "hashtextextended('job-leader', 0)"
const lockOf = (runner: string) => `hashtextextended('job-runner:' || ${runner}, 0)`

describe('a worker that is frozen, its connection kept alive by its machine', () => {
  const harness = useHarness()

  it('loses its connection, and with it its lock; one that is alive does not', async () => {
    const { databaseUrl, connection, site } = harness
    const sessions = new Map<string, pg.Client>()
    const ended = new Set<string>()
    for (const runner of ['frozen', 'living']) {
      const client = new pg.Client(databaseUrl)
      client.on('error', () => ended.add(runner))
      await client.connect()
      await client.query(`select pg_advisory_lock(${lockOf('$1')})`, [runner])
      sessions.set(runner, client)
      await runSql(
        databaseUrl,
        `select graphile_worker.add_job('note');
         update graphile_worker._private_jobs set locked_by = '${runner}', locked_at = now()
          where locked_by is null`,
      )
    }
    const frozen = createFrozenSessions(site.logger, FROZEN_AFTER_MS)
    const session = await connection.pool.connect()
    try {
      for (let looks = 0; looks < 5; looks++) {
        await sessions.get('living')!.query('select')
        await frozen.terminate(session, 'own', [lockOf('locked_by')])
        await setTimeout(FROZEN_AFTER_MS / 2)
      }
      await until(() => ended.size > 0)
      assert.deepEqual([...ended], ['frozen'])
      await sessions.get('living')!.query('select')
    } finally {
      session.release()
      for (const client of sessions.values()) await client.end().catch(() => {})
    }
    assert.ok(harness.logged.some((line) => line.includes('a worker is frozen')))
  })

  it('is left alone where it works for another site, in another database of the server', async () => {
    const { connection, site } = harness
    const other = new pg.Client(process.env.TEST_SERVER_URL)
    let ended = false
    other.on('error', () => {
      ended = true
    })
    await other.connect()
    await other.query(`select pg_advisory_lock(${LEADER})`)
    const frozen = createFrozenSessions(site.logger, FROZEN_AFTER_MS)
    const session = await connection.pool.connect()
    try {
      for (let looks = 0; looks < 5; looks++) {
        await frozen.terminate(session, 'own', [LEADER])
        await setTimeout(FROZEN_AFTER_MS / 2)
      }
      assert.equal(ended, false)
    } finally {
      session.release()
      await other.end().catch(() => {})
    }
  })
})
