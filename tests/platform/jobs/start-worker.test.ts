import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { startWorker, type Task } from '../../../src/platform/jobs/start-worker.ts'
import { useFreshHarness } from '../../support/harness.ts'
import { runSql } from '../../support/test-database.ts'
import { until } from '../../support/until.ts'

/** A rejection that nobody handles fails the test, as it would end the program. */
describe('a worker whose database goes away', () => {
  const harness = useFreshHarness()

  const addJob = (of: string) =>
    runSql(harness.databaseUrl, `select graphile_worker.add_job('note', '{"of": "${of}"}')`)
  const start = (note: (of: string) => Promise<void>, concurrency = 2) => {
    const task: Task = (payload) => note((payload as { of: string }).of)
    const { connection, site } = harness
    const logger = site.logger
    return startWorker({
      pool: connection.pool,
      tasks: { note: task },
      cron: [],
      concurrency,
      logger,
    })
  }
  const untilNoneIsLeft = () =>
    until(async () => {
      const left = 'select from graphile_worker._private_jobs'
      return (await runSql(harness.databaseUrl, left)).rowCount === 0
    })

  it('as a job ends, goes on when it is back: with what comes then, and with that very job', async () => {
    const done: string[] = []
    const worker = await start(async (of) => {
      done.push(of)
      // What ends the job will fail.
      if (of === 'cut' && done.length === 1) await harness.wire.cut()
    })
    try {
      await addJob('cut')
      await until(() => done.length >= 1)
      await setTimeout(500)
      await harness.wire.mend()
      await addJob('later')
      await until(() => done.length >= 3)
      assert.deepEqual(done.toSorted(), ['cut', 'cut', 'later'])
      await untilNoneIsLeft()
    } finally {
      await worker.stop()
    }
    assert.ok(harness.logged.some((line) => line.includes('the job runner ended')))
    const ofJobs = harness.logged.filter((line) => /(?:Found|Completed) task/.test(line))
    assert.deepEqual(ofJobs, [], 'no line for each job: it would tell what was mailed')
  })

  it('as jobs fail, some end later and others wait in memory, does all of them once it is back', async () => {
    const done = new Set<string>()
    let isAway = false
    const worker = await start(async (of) => {
      if (of === 'fails' && !isAway) {
        isAway = true
        await harness.wire.cut()
        throw new Error('as if the mail server were away, too')
      }
      if (of === 'ends') await until(() => isAway)
      // Ends when graphile-worker has given its jobs up, and hears of no end any more.
      if (of === 'long') await until(() => isAway).then(() => setTimeout(6000))
      if (of !== 'fails') done.add(of)
    }, 3)
    try {
      const waiting = ['1', '2', '3']
      for (const of of ['long', 'ends', 'fails', ...waiting]) await addJob(of)
      await until(() => isAway)
      await until(() => done.has('long'))
      await harness.wire.mend()
      await until(() => waiting.every((of) => done.has(of)))
    } finally {
      await worker.stop()
    }
  })

  it('and comes back read-only, goes on when it can be written again', async () => {
    const done: string[] = []
    const setReadOnly = async (value: 'on' | 'off') => {
      const url = new URL(harness.databaseUrl)
      const name = url.pathname.slice(1)
      url.searchParams.set('options', '-c default_transaction_read_only=off')
      await runSql(url.href, `alter database ${name} set default_transaction_read_only = ${value}`)
      await harness.wire.cut()
      await harness.wire.mend()
    }
    const worker = await start(async (of) => {
      done.push(of)
      // What ends the job will fail, and the next runner begins while nothing can be written.
      if (done.length === 1) await setReadOnly('on')
    })
    try {
      await addJob('before')
      await until(() => done.length === 1)
      await setTimeout(5000)
      await setReadOnly('off')
      await addJob('after')
      await until(() => done.includes('after'))
      await untilNoneIsLeft()
    } finally {
      await worker.stop()
    }
  })

  /** A worker is given a job and doesn't hear of it. */
  async function loseAnAnswer() {
    const holder = new pg.Client({ connectionString: harness.databaseUrl })
    await holder.connect()
    try {
      await holder.query('begin')
      await holder.query(`select graphile_worker.add_job('note', '{"of": "given"}')`)
      // The worker’s request waits for this lock, loses its connection, and is carried out all the same.
      await holder.query('lock table graphile_worker._private_jobs in access exclusive mode')
      await until(async () => {
        const { rows } = await runSql(
          harness.databaseUrl,
          `select from pg_stat_activity where datname = current_database()
              and wait_event_type = 'Lock' and query like '%is_available = true%'`,
        )
        return rows.length > 0
      })
      await harness.wire.cut()
      await harness.wire.mend()
      await holder.query('commit')
    } finally {
      await holder.end()
    }
  }

  it('as it asks for jobs, does those that it was given without hearing of it', async () => {
    const done: string[] = []
    const worker = await start(async (of) => void done.push(of))
    try {
      await addJob('first')
      await until(() => done.includes('first'))
      await loseAnAnswer()
      await until(() => done.includes('given'))
      await untilNoneIsLeft()
    } finally {
      await worker.stop()
    }
  })

  it('and is stopped while its runner is replaced, begins no other', async () => {
    const begun: string[] = []
    let mayEnd = false
    const worker = await start(async (of) => {
      begun.push(of)
      if (of === 'long') await until(() => mayEnd)
    })
    await addJob('long')
    await until(() => begun.includes('long'))
    await loseAnAnswer()
    await until(() => harness.logged.some((line) => line.includes('lost an answer')))
    const stopped = worker.stop()
    await addJob('later')
    // Longer than the stop waits for the one that replaces it.
    await setTimeout(3000)
    mayEnd = true
    await stopped
    await setTimeout(1500)
    assert.deepEqual(begun, ['long'])
  })

  for (const silence of ['freeze', 'swallow'] as const) {
    it(`on a wire that falls silent (${silence}), goes on when it is mended`, async () => {
      const done = new Set<string>()
      const worker = await start(async (of) => {
        if (of === 'silent' && !done.has(of)) harness.wire[silence]()
        done.add(of)
      })
      try {
        await addJob('silent')
        await until(() => done.has('silent'))
        await setTimeout(6000)
        await harness.wire.mend()
        await addJob('after')
        await until(() => done.has('after'))
        await untilNoneIsLeft()
      } finally {
        await worker.stop()
      }
    })
  }
})
