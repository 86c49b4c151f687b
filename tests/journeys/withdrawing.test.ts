import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { HOUR } from '../../src/platform/clock.ts'
import { useHarness } from '../support/harness.ts'
import { linkIn } from '../support/mail-server.ts'
import {
  askToWithdraw,
  counted,
  get,
  openWithdrawalMail,
  post,
  signAndConfirm,
  signAndOpenMail,
} from '../support/signer.ts'

const ASK = '/en/p/cop29-baku/withdraw'

describe('withdrawing', () => {
  const harness = useHarness()

  it('a signer leaves by oneself, and what was known is erased', async () => {
    const email = 'leaving@example.org'
    await signAndConfirm(harness, {
      email,
      name: 'Leaving Person',
      display: 'name',
      comment: 'A comment to erase',
    })
    const before = await counted(harness)
    const link = await openWithdrawalMail(harness, email)
    assert.equal((await get(harness, link)).status, 200)
    await harness.tally()
    assert.equal(await counted(harness), before, 'opening the link withdraws nothing')

    const answer = await post(harness, link, {})
    assert.equal(answer.status, 303)
    await harness.tally()
    assert.equal(await counted(harness), before - 1)
    const { db } = harness.site
    const row = await db
      .selectFrom('signature')
      .selectAll()
      .where('state', '=', 'withdrawn')
      .executeTakeFirstOrThrow()
    for (const column of ['tag', 'address', 'country', 'language', 'source', 'ref'] as const) {
      assert.equal(row[column], null, column)
    }
    assert.deepEqual(await db.selectFrom('public_name').selectAll().execute(), [])
    assert.deepEqual(await db.selectFrom('comment').selectAll().execute(), [])
    const page = await (await get(harness, '/en/p/cop29-baku')).text()
    assert.doesNotMatch(page, /Leaving Person/)
  })

  it('withdrawing again, twenty times at once, takes off no more', async () => {
    const email = 'once@example.org'
    await signAndConfirm(harness, { email })
    const before = await counted(harness)
    const link = await openWithdrawalMail(harness, email)
    await Promise.all(Array.from({ length: 20 }, () => post(harness, link, {})))
    await harness.tally()
    assert.equal(await counted(harness), before - 1)
    assert.match(await (await get(harness, link)).text(), /is withdrawn/)
  })

  it('who withdrew may sign again', async () => {
    const email = 'back@example.org'
    await signAndConfirm(harness, { email })
    await post(harness, await openWithdrawalMail(harness, email), {})
    await harness.tally()
    const before = await counted(harness)
    harness.clock.move(HOUR)
    await signAndConfirm(harness, { email })
    assert.equal(await counted(harness), before + 1)
  })

  it('an address that never confirmed is mailed no link, though its form still waits', async () => {
    const email = 'pending@example.org'
    const link = await signAndOpenMail(harness, { email })
    await askToWithdraw(harness, email)
    assert.equal(harness.mail.allTo(email).length, 1)
    assert.equal((await get(harness, link)).status, 200)
  })

  it('what other forms of the same address wait for goes with the signature', async () => {
    const email = 'several-forms@example.org'
    const waiting = await signAndOpenMail(harness, { email, name: 'Another Name' })
    await signAndConfirm(harness, { email })
    harness.clock.move(HOUR)
    await post(harness, await openWithdrawalMail(harness, email), {})
    assert.equal((await get(harness, waiting)).status, 410)
    const left = await harness.site.db
      .selectFrom('submission')
      .select('id')
      .where('confirmed', '=', true)
      .execute()
    assert.equal(left.filter(({ id }) => id === waiting).length, 0)
  })

  it('the answer is the same for an address that never signed, and no mail goes out', async () => {
    const known = 'known@example.org'
    await signAndConfirm(harness, { email: known })
    const one = await post(harness, ASK, { email: known })
    const two = await post(harness, ASK, { email: 'unknown@example.org' })
    assert.equal(one.status, two.status)
    assert.equal(await one.text(), await two.text())
    const before = harness.mail.mails.length
    await harness.makeJobsDue()
    await harness.work()
    const fresh = harness.mail.mails.slice(before).map(({ recipient }) => recipient)
    assert.deepEqual(fresh, [known])
  })

  it('another spelling gets the link where it is certainly the same mailbox, and nowhere else', async () => {
    await signAndConfirm(harness, { email: 'spelled.out@gmail.com' })
    await askToWithdraw(harness, 'SpelledOut+x@googlemail.com')
    assert.ok(linkIn(harness.mail.lastTo('SpelledOut+x@googlemail.com'), 'withdraw'))
    for (const [own, others] of [
      ['ivan.petrov@yandex.ru', ['ivanpetrov@yandex.ru', 'i.vanpetrov@ya.ru']],
      ['anna@parliament.example', ['anna+x@parliament.example', 'an.na@parliament.example']],
      ['o.l.ya@mail.ru', ['olya@mail.ru']],
    ] as const) {
      await signAndConfirm(harness, { email: own })
      for (const other of others) {
        await askToWithdraw(harness, other)
        assert.throws(() => harness.mail.lastTo(other), /no mail/, other)
      }
    }
  })

  it('something that is no address is said so beside the field, and kept', async () => {
    const answer = await post(harness, ASK, { email: 'leyla@' })
    assert.equal(answer.status, 422)
    const page = await answer.text()
    assert.match(page, /value="leyla@"/)
    assert.match(page, /should look like/)
  })
})
