import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY } from '../../src/platform/clock.ts'
import { DEMO, getDemo } from '../support/demo.ts'
import { useFreshHarness } from '../support/harness.ts'
import { linkIn } from '../support/mail-server.ts'
import { pathOf, post, sign } from '../support/signer.ts'
import { EN, RU, updateDesk } from '../support/update-desk.ts'

describe('an update, to its subscribers', () => {
  const harness = useFreshHarness()
  const { update, publish, write, page, subscribe, sendAll, headerOf } = updateDesk(harness)

  it('is looked at as a real mail before anybody else can read it', async () => {
    const folder = write('first-letters', { 'en.md': EN, 'ru.md': RU })
    const said = await update('test', DEMO, folder, '--to', 'me@example.org')
    assert.equal(said.errors, '')
    assert.match(said.output, /in en, ru\.\nIt is not published: the link in it opens once/)
    await harness.work()
    assert.equal(harness.mail.mails.length, 2)
    const mail = harness.mail.mails.find(({ subject }) => subject!.startsWith('[ru]'))!
    assert.match(mail.text!, /Первые письма ушли\./)
    assert.match(mail.text!, new RegExp(`http://petitions.test/ru/p/${DEMO}/updates/first-letters`))
    assert.doesNotMatch(await page(`/ru/p/${DEMO}`), /Письма отправлены/)
    assert.match((await update('list', DEMO)).output, /No update yet/)
    const { errors } = await update('mail', DEMO, 'first-letters', '--yes')
    assert.match(errors, /there is no published update "first-letters"/)
  })

  it('is mailed once to each subscriber in their language, with a link to leave that works by one click', async () => {
    await subscribe(['en@example.org', 'en'], ['ru@example.org', 'ru'], ['az@example.org', 'az'])
    await publish('first-letters')
    assert.match((await update('mail', DEMO, 'first-letters')).errors, /has no way back: add --yes/)
    const said = await update('mail', DEMO, 'first-letters', '--yes')
    assert.equal(said.errors, '')
    assert.match(said.output, /first-letters would go to 3 subscribers:/)
    assert.match(said.output, /az\t1, who read another language of it/)
    await sendAll()
    assert.equal(harness.mail.mails.length, 3)
    const mail = harness.mail.lastTo('ru@example.org')
    assert.equal(mail.subject, 'Новости из вашего списка рассылки', 'it names nothing')
    assert.match(mail.text!, /Первые письма ушли\./)
    assert.match(mail.text!, /потому что подписали петицию/)
    assert.match(mail.html as string, /Первые письма ушли\./)
    assert.match(harness.mail.lastTo('az@example.org').text!, /first\* letters/)
    assert.match(headerOf(mail, 'list-unsubscribe-post'), /List-Unsubscribe=One-Click/)
    const link = pathOf(linkIn(mail, 'unsubscribe'))
    assert.match(
      headerOf(mail, 'list-unsubscribe').replace(/\s/g, ''),
      new RegExp(`<http://petitions.test${link}>`),
    )
    assert.equal((await post(harness, link, { 'List-Unsubscribe': 'One-Click' })).status, 200)
    assert.match(
      (await update('status', DEMO)).output,
      /first-letters\tdone\t.*\t3 of 3 sent, 0 waiting/,
    )
    assert.match((await update('mail', DEMO, 'first-letters', '--yes')).errors, /mailed already/)
    await sendAll(1)
    assert.equal(harness.mail.mails.length, 3)
    assert.ok(!harness.logged.some((line) => /@example\.org/.test(line)))
  })

  it('is first mailed to the organisers themselves, without a link that ends anybody’s', async () => {
    await publish('first-letters')
    assert.match(
      (await update('test', DEMO, 'first-letters', '--to', 'nobody')).errors,
      /no e-mail address/,
    )
    await update('test', DEMO, 'first-letters', '--to', 'me@example.org')
    await harness.work()
    const mails = harness.mail.allTo('me@example.org')
    assert.deepEqual(mails.map(({ subject }) => subject?.slice(0, 4)).sort(), ['[en]', '[ru]'])
    assert.doesNotMatch(mails[0]!.text!, /unsubscribe/)
    assert.equal(headerOf(mails[0]!, 'list-unsubscribe'), '')
  })

  it('is mailed at a pace, pauses, goes on, passes over who has left, and can be called off', async () => {
    await subscribe(
      ...Array.from({ length: 40 }, (_, nth): [string, string] => [`n${nth}@example.org`, 'en']),
    )
    await publish('first-letters')
    await update('mail', DEMO, 'first-letters', '--yes', '--per-minute', '60')
    await sendAll(1)
    assert.equal(harness.mail.mails.length, 5, 'those of five seconds')
    assert.match((await update('pause', DEMO, 'first-letters')).output, /is paused; 35 mails left/)
    await sendAll(2)
    assert.equal(harness.mail.mails.length, 5)
    await harness.site.db
      .deleteFrom('subscriber')
      .where('id', 'in', (select) =>
        select.selectFrom('broadcast_mail').select('subscriber_id').limit(3),
      )
      .execute()
    assert.match((await update('resume', DEMO, 'first-letters')).output, /goes on; 32 mails left/)
    await sendAll(2)
    assert.equal(harness.mail.mails.length, 15)
    assert.match(
      (await update('cancel', DEMO, 'first-letters')).output,
      /is cancelled; 22 mails left/,
    )
    await sendAll(2)
    assert.equal(harness.mail.mails.length, 15)
    assert.match(
      (await update('resume', DEMO, 'first-letters')).errors,
      /is cancelled: there is nothing to resume/,
    )
    assert.match((await update('status', DEMO)).output, /cancelled\t.*\t15 of 40 sent, 0 waiting/)
    const whats = await harness.site.db.selectFrom('action').select('what').orderBy('id').execute()
    assert.deepEqual(whats.map(({ what }) => what).slice(-5), [
      'update publish',
      'update mail',
      'update pause',
      'update resume',
      'update cancel',
    ])
  })

  it('stands back for the mail of somebody who signs in the middle of it', async () => {
    await subscribe(
      ...Array.from({ length: 10 }, (_, nth): [string, string] => [`n${nth}@example.org`, 'en']),
    )
    await publish('first-letters')
    await update('mail', DEMO, 'first-letters', '--yes', '--per-minute', '60')
    await sendAll(1)
    assert.equal(harness.mail.mails.length, 5, 'the first half')
    // The rest is due, and waits for longer than the form.
    await harness.makeJobsDue()
    assert.equal((await sign(harness)).status, 303)
    await harness.work()
    const order = harness.mail.mails.map(({ recipient }) => recipient.startsWith('leyla'))
    assert.equal(order.indexOf(true), 5, 'before the second half')
    assert.equal(order.length, 11)
  })

  it('waits while the mail server is away, and gives nobody up for it; a refused mailbox is counted', async () => {
    await subscribe(['a@example.org', 'en'], ['b@example.org', 'en'], ['c@example.org', 'en'])
    await publish('first-letters')
    await update('mail', DEMO, 'first-letters', '--yes')
    await harness.mail.goAway()
    await sendAll(2)
    assert.match((await update('status', DEMO)).output, /0 of 3 sent, 3 waiting/)
    await harness.mail.comeBack()
    harness.mail.refuseWith(550, '5.1.1 no such mailbox', (address) => address.startsWith('b'))
    await sendAll()
    assert.match(
      (await update('status', DEMO)).output,
      /done\t.*\t2 of 3 sent, 0 waiting, 1 refused/,
    )
    assert.equal(harness.mail.mails.length, 2)
  })

  it('comes at most three times a week, unless that is confirmed', async () => {
    await subscribe(['a@example.org', 'en'])
    for (const name of ['one', 'two', 'three', 'four']) await publish(name)
    for (const name of ['one', 'two', 'three']) {
      assert.equal((await update('mail', DEMO, name, '--yes')).errors, '')
    }
    const refused = await update('mail', DEMO, 'four', '--yes')
    assert.match(refused.errors, /had 3 mailings in seven days.*--beyond-limit/)
    harness.clock.move(8 * DAY)
    assert.equal((await update('mail', DEMO, 'four', '--yes')).errors, '')
    await sendAll()
    assert.equal(harness.mail.mails.length, 4)
  })

  it('of a milestone goes out by itself where the petition says so, once, and not long after it', async () => {
    const { db, updates } = harness.site
    const { id, settings } = await getDemo(harness)
    await subscribe(['ru@example.org', 'ru'])
    const reach = async (signatures: number) => {
      await db
        .insertInto('tally')
        .values({
          petition_id: id,
          dimension: 'total',
          key: 'confirmed',
          signatures: `${signatures}`,
        })
        .onConflict((conflict) =>
          conflict
            .columns(['petition_id', 'dimension', 'key'])
            .doUpdateSet({ signatures: `${signatures}` }),
        )
        .execute()
      return updates.mailMilestones()
    }
    assert.equal(await reach(100), 0, 'nobody has switched it on')
    const on = JSON.stringify({ ...settings, milestones: true })
    await db.updateTable('petition').set({ settings: on }).execute()
    assert.equal(await reach(99), 0)
    assert.equal(await reach(101), 1)
    assert.equal(await reach(102), 0)
    await sendAll(2)
    assert.match(harness.mail.lastTo('ru@example.org').text!, /^100\sподписей/)
    assert.match((await update('status', DEMO)).output, /milestone 100\tdone\t/)
    assert.equal(await reach(4000), 0, 'a thousand was long ago')
    assert.equal(await reach(1001), 0, 'nor again')
    assert.equal(await reach(10_500), 1)
    assert.equal(harness.mail.mails.length, 1)
  })

  it('has nobody to go to where the list is off, or empty', async () => {
    await publish('first-letters')
    const { output, errors } = await update('mail', DEMO, 'first-letters', '--yes')
    assert.match(errors, /nobody is on the list/)
    assert.equal(output, '', 'and no list of nobody before it')
    assert.equal((await harness.site.db.selectFrom('broadcast').selectAll().execute()).length, 0)
  })
})
