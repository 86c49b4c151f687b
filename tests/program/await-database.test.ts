import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { throughPort, useHarness } from '../support/harness.ts'
import { runProgram } from '../support/program.ts'
import { until } from '../support/until.ts'

describe('a start in production before its database', () => {
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

  it('waits and says so; begins once it answers; ends when it is asked to in either state', async () => {
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
      program.child.kill('SIGTERM')
      assert.equal((await program.ended).code, 0)
    } finally {
      for (const { child } of [calledOff, program]) child.kill('SIGKILL')
    }
  })

  it('is refused at once where waiting would mend nothing', async () => {
    const { code, errors } = await startWorker('nobody-of-that-name').ended
    assert.equal(code, 1)
    assert.match(errors, /^undersigned: [^\n]+\n$/)
  })
})
