import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { throughPort, useHarness } from '../support/harness.ts'
import { runProgram } from '../support/program.ts'
import { until } from '../support/until.ts'

/** Fifteen seconds on a machine that does nothing else. */
const STOPS_WITHIN_MS = 25_000

describe('a worker in production whose database is away', () => {
  const harness = useHarness()

  const startWorker = (user?: string) => {
    const url = new URL(throughPort(harness.databaseUrl, harness.wire.port))
    if (user) url.username = user
    return runProgram(['worker'], {
      ...harness.environment,
      DATABASE_URL: url.href,
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://sign.example.org',
      MAIL_FROM: 'Petitions <petitions@example.org>',
      LOG_KEY: Buffer.alloc(32, 9).toString('base64'),
    })
  }

  it('at its start waits and says so, begins once it answers, and ends when it is asked to', async () => {
    await harness.wire.cut()
    const calledOff = startWorker()
    const program = startWorker()
    try {
      const waits = (of: typeof program) =>
        until(() => of.errors().includes('the start waits for it'))
      await Promise.all([waits(calledOff), waits(program)])
      calledOff.child.kill('SIGTERM')
      assert.equal((await calledOff.ended).code, 0)
      await harness.wire.mend()
      await program.untilRunning()
      // In the middle of its work nobody answers any more.
      await setTimeout(1000)
      harness.wire.freeze()
      await setTimeout(1000)
      const asked = performance.now()
      program.child.kill('SIGTERM')
      assert.equal((await program.ended).code, 0)
      assert.ok(performance.now() - asked < STOPS_WITHIN_MS)
    } finally {
      await harness.wire.mend()
      for (const { child } of [calledOff, program]) child.kill('SIGKILL')
    }
  })

  it('at its start is refused at once where waiting would mend nothing', async () => {
    const { code, errors } = await startWorker('nobody-of-that-name').ended
    assert.equal(code, 1)
    assert.match(errors, /^undersigned: [^\n]+\n$/)
  })
})
