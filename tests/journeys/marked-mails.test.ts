import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { startJobs } from '../../src/jobs/start-jobs.ts'
import { DAY, HOUR } from '../../src/platform/clock.ts'
import { eraseAllPending } from '../../src/signature/remind-or-erase.ts'
import { useFreshHarness } from '../support/harness.ts'
import { runProgram } from '../support/program.ts'
import { askToWithdraw, sign, signAndOpenMail } from '../support/signer.ts'
import { runSql } from '../support/test-database.ts'
import {
  MOODS,
  type Mood,
  startUnrulyMailServer,
  type UnrulyMailServer,
} from '../support/unruly-mail-server.ts'
import { until } from '../support/until.ts'
import { useMailServer } from '../support/use-mail-server.ts'

const EMAIL = 'ann@example.org'

describe('a mail that is marked before it is sent', () => {
  const harness = useFreshHarness()
  let server: UnrulyMailServer
  let mood: Mood
  let onRecipient: () => void

  beforeEach(async () => {
    mood = 'take'
    onRecipient = () => {}
    server = await startUnrulyMailServer()
    server.behave((step, address) => {
      if (step === 'RCPT') onRecipient()
      return MOODS[mood](step, address)
    })
    useMailServer(harness, server.url)
  })
  afterEach(() => server.goAway())

  const query = async (text: string) => (await runSql(harness.databaseUrl, text)).rows
  const state = async () => ({
    mailed: (await query('select mailed_at is not null as mailed from submission'))[0]?.mailed,
    leases: (await query('select from mail_lease')).length,
    counted: (await query('select sum(cardinality(sent))::int as mails from mail_count'))[0].mails,
  })
  const workAgain = async () => {
    await harness.makeJobsDue()
    await harness.work()
  }

  it('comes a second time at most when its worker is killed after the server took it', async () => {
    mood = 'hang after content'
    await sign(harness, { email: EMAIL })
    // The worker's clock is the machine's.
    await query('update petition set closes_at = null')
    const worker = runProgram(['worker'], { ...harness.environment, SMTP_URL: server.url })
    await until(() => server.taken.length === 1)
    worker.child.kill('SIGKILL')
    await worker.ended
    assert.deepEqual(await state(), { mailed: false, leases: 1, counted: 2 })

    mood = 'take'
    await query(`select graphile_worker.force_unlock_workers(array_agg(locked_by))
                   from graphile_worker.jobs where locked_by is not null`)
    await workAgain()
    assert.equal(
      server.taken.length,
      1,
      'another worker leaves it alone while the mark may be renewed',
    )
    await query(`update mail_lease set renewed_at = renewed_at - interval '61 seconds'`)
    await workAgain()
    assert.deepEqual(server.taken, [EMAIL, EMAIL])
    assert.deepEqual(await state(), { mailed: true, leases: 0, counted: 4 })
    await workAgain()
    assert.equal(server.taken.length, 2)
  })

  it('comes however often a worker was killed with its job', async () => {
    await sign(harness, { email: EMAIL })
    await query('update graphile_worker._private_jobs set attempts = 60')
    await harness.work()
    assert.deepEqual(server.taken, [EMAIL])
  })

  it('comes once when the outcome can not be written down until the database is back', async () => {
    await sign(harness, { email: EMAIL })
    onRecipient = () => void harness.wire.cut()
    const jobs = await startJobs(harness.site, harness.connection.pool)
    await until(() => server.taken.length === 1)
    onRecipient = () => {}
    await harness.wire.mend()
    await until(async () => (await state()).mailed)
    assert.deepEqual(await state(), { mailed: true, leases: 0, counted: 2 })
    await harness.makeJobsDue()
    await jobs.stop()
    await workAgain()
    assert.deepEqual(server.taken, [EMAIL])
  })

  it('is not sent by a database that can be read only, and goes out once when that is over', async () => {
    const name = new URL(harness.databaseUrl).pathname.slice(1)
    const readOnly = async (value: 'on' | 'off') => {
      await query(`begin read write;
        alter database "${name}" set default_transaction_read_only = ${value}; commit`)
      await query(`select pg_terminate_backend(pid) from pg_stat_activity
                    where datname = current_database() and pid <> pg_backend_pid()`)
    }
    await sign(harness, { email: EMAIL })
    await query(`update graphile_worker._private_jobs set run_at = now() + interval '1 hour'`)
    const jobs = await startJobs(harness.site, harness.connection.pool)
    await readOnly('on')
    await query('begin read write; update graphile_worker._private_jobs set run_at = now(); commit')
    await new Promise((resolve) => setTimeout(resolve, 4000))
    assert.deepEqual(server.asked, [], 'not even asked')
    await readOnly('off')
    await until(async () => server.taken.includes(EMAIL))
    await until(async () => (await state()).leases === 0)
    await jobs.stop()
    assert.deepEqual(server.taken, [EMAIL])
  })

  it('that the server did not take is not counted; one that it may have taken is', async () => {
    const address = (name: string) => `${name}@example.org`
    for (const [next, counted] of [
      ['later', null],
      ['refuse', null],
      ['drop at RCPT', null],
      ['drop after content', 2],
    ] as const) {
      mood = next
      await sign(harness, { email: address(next.replaceAll(' ', '-')) })
      await harness.work()
      assert.deepEqual(await state(), { mailed: false, leases: 0, counted }, next)
    }
    const before = server.taken.length
    mood = 'take'
    await workAgain()
    const again = ['later', 'drop-at-RCPT', 'drop-after-content'].map(address)
    assert.deepEqual(server.taken.slice(before), again)
  })

  it('is marked no more once its signer has left', async () => {
    mood = 'take'
    const link = await signAndOpenMail(harness, { email: EMAIL }).catch(() => null)
    assert.equal(link, null, 'the mail went to the other server')
    await query(`insert into mail_lease select id, now() from submission`)
    const [{ id }] = await query('select id from submission')
    await harness.site.db.transaction().execute(async (trx) => {
      await eraseAllPending(trx, 1)
    })
    assert.deepEqual(await query('select from mail_lease'), [], id)
  })

  it('is not withheld by a clock that was a day ahead and is set back', async () => {
    const { clock, site } = harness
    clock.move(DAY)
    await sign(harness, { email: EMAIL })
    await sign(harness, { email: EMAIL })
    await harness.work()
    await workAgain()
    assert.equal(server.taken.length, 2)
    clock.move(-DAY)
    await sign(harness, { email: EMAIL })
    await harness.work()
    assert.equal(server.taken.length, 3, 'counts of the future withhold nothing')
    await query(`update submission set mailed_at = now() + interval '1 day'`)
    const [{ id }] = await query('select id from submission limit 1')
    clock.move(HOUR)
    assert.equal(await site.signatures.mailSubmission({ id, reminder: true }), 'sent')
  })

  it('a link to withdraw likewise, and nothing of it tells who has signed', async () => {
    for (const email of [EMAIL, 'nobody@example.org']) {
      await askToWithdraw(harness, email)
      assert.equal((await state()).leases, 0)
    }
    const rows = await query('select cardinality(sent) as mails from mail_count order by 1')
    assert.equal(rows.length, 6, 'both were asked about, and counted')
    assert.deepEqual(server.taken, [])
  })
})
