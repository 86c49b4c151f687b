import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY, MINUTE } from '../../src/platform/clock.ts'
import { remindPending } from '../../src/signature/remind-or-erase.ts'
import { useFreshHarness } from '../support/harness.ts'
import {
  confirm,
  counted,
  form,
  get,
  mailedPath,
  sign,
  signAndOpenMail,
} from '../support/signer.ts'

describe('when something is away', () => {
  const harness = useFreshHarness()

  const jobs = async () =>
    Number(
      (await harness.connection.pool.query('select count(*) from graphile_worker._private_jobs'))
        .rows[0].count,
    )

  it('the mail server is away for an hour: every mail goes out afterwards, once', async () => {
    await harness.mail.goAway()
    const signers = Array.from({ length: 8 }, (_, index) => `waiting-${index}@example.org`)
    for (const email of signers) await sign(harness, { email })
    for (let minute = 0; minute < 60; minute += 5) {
      await harness.makeJobsDue()
      await harness.work()
      harness.clock.move(5 * MINUTE)
    }
    assert.equal(harness.mail.mails.length, 0)
    assert.equal(await jobs(), signers.length, 'a job waits for each signer')

    await harness.mail.comeBack()
    await harness.makeJobsDue()
    await harness.work()
    assert.deepEqual(harness.mail.mails.map(({ recipient }) => recipient).sort(), signers)
    assert.equal(await jobs(), 0)
    const link = mailedPath(harness, signers[0]!, 'confirm')
    assert.equal((await confirm(harness, link)).status, 303)
  })

  it('a temporary refusal (greylisting) is tried again; the pause never exceeds five minutes', async () => {
    harness.mail.refuseWith(451)
    await sign(harness, { email: 'grey@example.org' })
    for (let attempt = 0; attempt < 12; attempt++) {
      await harness.makeJobsDue()
      await harness.work()
    }
    const { rows } = await harness.connection.pool.query(
      'select run_at - now() <= $1::interval as soon from graphile_worker._private_jobs',
      ['5 minutes'],
    )
    assert.deepEqual(rows, [{ soon: true }])
    harness.mail.refuseWith(null)
    await harness.makeJobsDue()
    await harness.work()
    assert.equal(harness.mail.mails.length, 1)
  })

  it('a permanent refusal is final for that address, and for no other', async () => {
    harness.mail.refuseWith(550, '5.1.1 No such mailbox here')
    await sign(harness, { email: 'no-such-mailbox@example.org' })
    await harness.work()
    assert.equal(await jobs(), 0)
    harness.mail.refuseWith(null)
    // No reminder either; only a new submission, perhaps of a mended mailbox, is tried again.
    harness.clock.move(3 * DAY)
    await remindPending(harness.site.db, harness.clock)
    await sign(harness, { email: 'good@example.org' })
    await harness.work()
    assert.deepEqual(
      harness.mail.mails.map(({ recipient }) => recipient),
      ['good@example.org'],
    )
  })

  it('a mail that the server did not take is not counted as sent', async () => {
    await harness.mail.goAway()
    await sign(harness, { email: 'unsent@example.org' })
    await harness.work()
    const row = () =>
      harness.site.db.selectFrom('submission').select('mailed_at').executeTakeFirst()
    assert.deepEqual(await row(), { mailed_at: null })
    const counts = () => harness.site.db.selectFrom('mail_count').selectAll().execute()
    assert.deepEqual(await counts(), [])
    await harness.mail.comeBack()
    await harness.makeJobsDue()
    await harness.work()
    assert.deepEqual(await row(), { mailed_at: harness.clock.now() })
    assert.equal((await counts()).length, 2)
  })

  it('the database is away: pages stay up, and a form comes back with everything typed', async () => {
    await get(harness, '/en/p/cop29-baku')
    await harness.wire.cut()
    const page = await get(harness, '/en/p/cop29-baku')
    assert.equal(page.status, 200)
    assert.match(await page.text(), /<form/)

    const fields = form({
      name: 'Оля Ў',
      email: 'typed@example.org',
      comment: 'Not lost',
      display: 'initials',
    })
    const answer = await sign(harness, fields)
    assert.equal(answer.status, 503)
    assert.ok(Number(answer.headers.get('retry-after')) > 0)
    const html = await answer.text()
    for (const typed of [fields.name!, fields.email!, fields.comment!]) {
      assert.ok(html.includes(typed), typed)
    }
    assert.match(html, /value="initials"[^>]*checked/)
    assert.match(html, /value="DE"[^>]*selected/)
    assert.equal((await get(harness, '/readyz')).status, 503)
    assert.equal((await get(harness, '/healthz')).status, 200)

    await harness.wire.mend()
    assert.equal((await sign(harness, fields)).status, 303)
    assert.equal((await get(harness, '/readyz')).status, 200)
  })

  it('the database is away: a confirmation says so and works when it is back', async () => {
    const link = await signAndOpenMail(harness, { email: 'patient@example.org' })
    await harness.wire.cut()
    const answer = await confirm(harness, link)
    assert.equal(answer.status, 503)
    assert.ok(Number(answer.headers.get('retry-after')) > 0)
    assert.doesNotMatch(await answer.text(), /ECONN|at .*\.ts/)
    await harness.wire.mend()
    assert.equal((await confirm(harness, link)).status, 303)
    await harness.tally()
    assert.equal(await counted(harness), 1)
  })

  it('however many ask whether the site is ready, forms find a connection', async () => {
    let taken = 0
    const count = () => taken++
    harness.webConnection.pool.on('acquire', count)
    try {
      const asked = Array.from({ length: 200 }, () => get(harness, '/readyz'))
      for (const answer of asked) assert.equal((await answer).status, 200)
    } finally {
      harness.webConnection.pool.off('acquire', count)
    }
    // Without sharing each takes one; how many share depends on how fast they come.
    assert.ok(taken < 180, `${taken} connections were taken`)
  })
})
