import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { HOUR } from '../../src/platform/clock.ts'
import { type Harness, startHarness } from '../support/harness.ts'
import { linkIn } from '../support/mail-server.ts'
import {
  counted,
  get,
  pathOf,
  post,
  sign,
  signAndConfirm,
  signAndOpenMail,
} from '../support/signer.ts'

const ASK = '/en/p/cop29-baku/withdraw'

describe('withdrawing', () => {
  let harness: Harness
  before(async () => {
    harness = await startHarness()
  })
  after(() => harness.close())

  async function askForLink(email: string): Promise<string> {
    const answer = await post(harness, ASK, { email })
    assert.equal(answer.status, 200)
    await harness.work()
    return pathOf(linkIn(harness.mail.lastTo(email), 'withdraw'))
  }

  it('a signer leaves by oneself, and what was known is erased', async () => {
    const email = 'leaving@example.org'
    await signAndConfirm(harness, {
      email,
      name: 'Leaving Person',
      display: 'name',
      comment: 'A comment to erase',
    })
    const before = await counted(harness)
    const link = await askForLink(email)
    assert.equal((await get(harness, link)).status, 200)
    await harness.tally()
    assert.equal(await counted(harness), before, 'opening the link withdraws nothing')

    const answer = await post(harness, link, {})
    assert.equal(answer.status, 303)
    await harness.tally()
    assert.equal(await counted(harness), before - 1)
    const { db } = harness.services
    const row = await db
      .selectFrom('signature')
      .selectAll()
      .where('state', '=', 'withdrawn')
      .executeTakeFirstOrThrow()
    for (const column of ['details', 'tag', 'country', 'language', 'source', 'ref'] as const) {
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
    const link = await askForLink(email)
    await Promise.all(Array.from({ length: 20 }, () => post(harness, link, {})))
    await harness.tally()
    assert.equal(await counted(harness), before - 1)
    assert.match(await (await get(harness, link)).text(), /is withdrawn/)
  })

  it('who withdrew may sign again', async () => {
    const email = 'back@example.org'
    await signAndConfirm(harness, { email })
    await post(harness, await askForLink(email), {})
    await harness.tally()
    const before = await counted(harness)
    await signAndConfirm(harness, { email })
    assert.equal(await counted(harness), before + 1)
  })

  it('a signature still pending goes without a trace', async () => {
    const email = 'pending@example.org'
    await signAndOpenMail(harness, { email })
    const link = await askForLink(email)
    const answer = await post(harness, link, {})
    assert.equal(answer.headers.get('location'), '/en/removed')
    assert.equal((await get(harness, link)).status, 404)
  })

  it('the answer is the same for an address that never signed, and no mail goes out', async () => {
    const known = 'known@example.org'
    await signAndConfirm(harness, { email: known })
    const one = await post(harness, ASK, { email: known })
    const two = await post(harness, ASK, { email: 'unknown@example.org' })
    assert.equal(one.status, two.status)
    assert.equal(await one.text(), await two.text())
    const before = harness.mail.mails.length
    await harness.work()
    const fresh = harness.mail.mails.slice(before).map(({ recipient }) => recipient)
    assert.deepEqual(fresh, [known])
  })

  it('another spelling finds the signature, and the link goes to the signer’s own', async () => {
    const own = 'spelled.out@gmail.com'
    await signAndConfirm(harness, { email: own })
    await post(harness, ASK, { email: 'SpelledOut@googlemail.com' })
    await harness.work()
    assert.ok(linkIn(harness.mail.lastTo(own), 'withdraw'))
  })

  it('one link an hour, however often somebody asks', async () => {
    const email = 'asked@example.org'
    await signAndConfirm(harness, { email })
    const links = () =>
      harness.mail.mails.filter(
        (mail) => mail.recipient === email && mail.text!.includes('/withdraw/'),
      ).length
    for (let time = 0; time < 4; time++) await askForLink(email)
    assert.equal(links(), 1)
    harness.clock.move(HOUR)
    await askForLink(email)
    assert.equal(links(), 2)
  })

  it('something that is no address is said so beside the field, and kept', async () => {
    const answer = await post(harness, ASK, { email: 'leyla@' })
    assert.equal(answer.status, 422)
    const page = await answer.text()
    assert.match(page, /value="leyla@"/)
    assert.match(page, /should look like/)
  })

  it('the mail that says “known already” lets one leave too', async () => {
    const email = 'reminded@example.org'
    await signAndConfirm(harness, { email })
    harness.clock.move(25 * HOUR)
    await sign(harness, { email })
    await harness.work()
    const before = await counted(harness)
    await post(harness, pathOf(linkIn(harness.mail.lastTo(email), 'withdraw')), {})
    await harness.tally()
    assert.equal(await counted(harness), before - 1)
  })
})
