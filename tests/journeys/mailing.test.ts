import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { lockOf, mailCountKeys } from '../../src/defence/cap-mails.ts'
import { useFreshHarness } from '../support/harness.ts'
import { sign } from '../support/signer.ts'

describe('a crowd that signs at the same moment', () => {
  const harness = useFreshHarness()

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
    assert.deepEqual(
      await query(
        'select mailed_at is not null as mailed, count(*)::int from submission group by 1',
      ),
      [{ mailed: true, count: 50 }],
    )
    await harness.work()
    assert.equal(harness.mail.mails.length, 50)
  })

  it('one whose mail can not be made keeps nobody else from theirs, and is tried again', async () => {
    const signers = crowd(12)
    for (const email of signers) {
      await sign(harness, { email })
      harness.clock.move(1)
    }
    const broken = await query(
      `update submission set details = '\\x00'
        where id in (select id from submission order by created_at limit 2) returning id`,
    )
    await harness.work()
    assert.deepEqual(recipients(), signers.slice(2))
    const jobs = await query(
      `select payload->>'id' as id, run_at > now() as later from graphile_worker._private_jobs order by 1`,
    )
    const ids = broken.map(({ id }) => id).sort()
    assert.deepEqual(
      jobs,
      ids.map((id) => ({ id, later: true })),
    )
    // The second one waits for the minute's next line.
    const told = harness.logged.filter((line) => line.includes('mails could not be made'))
    assert.equal(told.length, 1)
  })

  it('one address that the mail server refuses for good is marked, and no other', async () => {
    await sign(harness, { email: 'refused@example.org' })
    harness.mail.refuseWith(550, '5.1.1 No such mailbox here')
    await harness.work()
    harness.mail.refuseWith(null)
    for (const email of crowd(5)) await sign(harness, { email })
    await harness.work()
    assert.deepEqual(recipients(), crowd(5))
    assert.deepEqual(
      await query('select undeliverable, count(*)::int from submission group by 1 order by 1'),
      [
        { undeliverable: false, count: 5 },
        { undeliverable: true, count: 1 },
      ],
    )
  })

  it('the same signer twice in one batch gets one mail', async () => {
    await sign(harness, { email: 'eager@example.org' })
    const [{ id }] = await query('select id from submission')
    const { mailSubmission } = harness.site.signatures
    const outcomes = await Promise.all([1, 2, 3].map(() => mailSubmission({ id })))
    assert.deepEqual(outcomes, ['sent', 'not due', 'not due'])
    assert.deepEqual(recipients(), ['eager@example.org'])
  })

  it('a signer whom a vanished worker still seems to be mailing is tried again, not forgotten', async () => {
    await sign(harness, { email: 'waiting@example.org' })
    const session = await harness.connection.pool.connect()
    await session.query('begin')
    const { keyring } = harness.site
    await session.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      lockOf(mailCountKeys(keyring, 'waiting@example.org', 1)),
    ])
    await harness.work()
    assert.equal(harness.mail.mails.length, 0)
    await session.query('rollback')
    session.release()
    await harness.makeJobsDue()
    await harness.work()
    assert.deepEqual(recipients(), ['waiting@example.org'])
  })
})
