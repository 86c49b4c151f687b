import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { createMailing } from '../../src/signature/mail/take-mailings.ts'
import { type Harness, startHarness } from '../support/harness.ts'
import { sign } from '../support/signer.ts'

describe('a crowd that signs at the same moment', () => {
  let harness: Harness
  beforeEach(async () => {
    harness = await startHarness()
  })
  afterEach(() => harness.close())

  const query = async (text: string, values: unknown[] = []) =>
    (await harness.connection.pool.query(text, values)).rows
  const recipients = () => harness.mail.mails.map(({ recipient }) => recipient).sort()
  const crowd = (size: number) =>
    Array.from({ length: size }, (_, nth) => `crowd-${String(nth).padStart(2, '0')}@example.org`)

  it('gets one mail each, which is counted', async () => {
    const signers = crowd(50)
    await Promise.all(signers.map((email) => sign(harness, { email })))
    await harness.work()
    assert.deepEqual(recipients(), signers)
    assert.deepEqual(await query('select mails, count(*)::int from signature group by 1'), [
      { mails: 1, count: 50 },
    ])
    await harness.work()
    assert.equal(harness.mail.mails.length, 50)
  })

  it('one whose mail can not be made keeps nobody else from theirs, and is tried again', async () => {
    const signers = crowd(12)
    for (const email of signers) await sign(harness, { email })
    const [broken] = await query(
      `update signature set details = '\\x00' where id = (select min(id) from signature) returning id`,
    )
    await harness.work()
    assert.deepEqual(recipients(), signers.slice(1))
    const jobs = await query(
      `select payload->>'id' as id, run_at > now() as later from graphile_worker._private_jobs`,
    )
    assert.deepEqual(jobs, [{ id: broken.id, later: true }])
  })

  it('one address that the mail server refuses for good is marked, and no other', async () => {
    await sign(harness, { email: 'refused@example.org' })
    harness.mail.refuseWith(550)
    await harness.work()
    harness.mail.refuseWith(null)
    for (const email of crowd(5)) await sign(harness, { email })
    await harness.work()
    assert.deepEqual(recipients(), crowd(5))
    assert.deepEqual(
      await query('select undeliverable, count(*)::int from signature group by 1 order by 1'),
      [
        { undeliverable: false, count: 5 },
        { undeliverable: true, count: 1 },
      ],
    )
  })

  it('the same signer twice in one batch gets one mail', async () => {
    await sign(harness, { email: 'eager@example.org' })
    const [{ id }] = await query('select id from signature')
    const mailing = createMailing(harness.services)
    const outcomes = await Promise.all([mailing({ id }), mailing({ id }), mailing({ id })])
    assert.deepEqual(outcomes, ['sent', 'not due', 'not due'])
    assert.deepEqual(recipients(), ['eager@example.org'])
  })

  it('a signer whom a vanished worker still seems to be mailing is tried again, not forgotten', async () => {
    await sign(harness, { email: 'waiting@example.org' })
    const [{ id }] = await query('select id from signature')
    const session = await harness.connection.pool.connect()
    await session.query('begin')
    await session.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`mail:${id}`])
    await harness.work()
    assert.equal(harness.mail.mails.length, 0)
    await session.query('rollback')
    session.release()
    await harness.makeJobsDue()
    await harness.work()
    assert.deepEqual(recipients(), ['waiting@example.org'])
  })

  it('a mail that was sent is counted, though its row is in a deadlock with another’s', async () => {
    for (const email of crowd(2)) await sign(harness, { email })
    const [first, second] = await query('select id from signature order by petition_id, tag')
    const session = await harness.connection.pool.connect()
    // Ends its own wait late: it is the count of the mails that PostgreSQL ends first.
    await session.query(`set deadlock_timeout = '20s'`)
    await session.query('begin')
    await session.query('select 1 from signature where id = $1 for update', [second.id])
    const mailing = createMailing(harness.services)
    const mailed = Promise.all([mailing({ id: first.id }), mailing({ id: second.id })])
    await untilFound(
      `select 1 from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '%mails + 1%'`,
    )
    await session.query('select 1 from signature where id = $1 for update', [first.id])
    await session.query('commit')
    session.release(true)
    assert.deepEqual(await mailed, ['sent', 'sent'])
    assert.deepEqual(recipients(), crowd(2))
    assert.deepEqual(await query('select mails from signature'), [{ mails: 1 }, { mails: 1 }])
    await untilFound(
      'select 1 from pg_stat_database where datname = current_database() and deadlocks = 1',
    )
  })

  async function untilFound(text: string): Promise<void> {
    for (let wait = 0; wait < 500; wait++) {
      if ((await query(text)).length > 0) return
      await setTimeout(10)
    }
    throw new Error(`not found in time: ${text}`)
  }
})
