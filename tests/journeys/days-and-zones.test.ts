import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY } from '../../src/platform/clock.ts'
import { copyDemo } from '../support/demo.ts'
import { startHarness, useHarness } from '../support/harness.ts'
import { linkIn } from '../support/mail-server.ts'
import { confirm, get, pathOf, sign } from '../support/signer.ts'
import { agreed, TESTER } from '../support/tester.ts'

/** The kind of space in a date is the business of the language data. */
const plain = (html: string) => html.replace(/\p{Zs}/gu, ' ')

describe('opening and closing days', () => {
  const harness = useHarness()
  const folder = copyDemo()

  /** Publishes with these lines in place of the days that petition.yaml has. */
  async function publish(days: string) {
    await folder.change('petition.yaml', /^opens:[\s\S]*?\n\n/m, `opens: -1d\n${days}\n\n`)
    await harness.site.publishing.publish(folder.path, { by: TESTER, agree: agreed })
  }
  const page = async (language: string) =>
    plain(await (await get(harness, `/${language}/p/cop29-baku`)).text())
  const api = async () =>
    (await (await get(harness, '/api/v1/petitions/cop29-baku')).json()) as {
      opensAt: string
      closesAt: string | null
    }

  it('are shown in every language as the organisers wrote them, not a day off', async () => {
    // 20:00 on the day before in UTC.
    await publish('closes: 2024-06-01T00:00:00+04:00')
    const shown: [string, string][] = [
      ['en', '1 June 2024 at 00:00 (UTC+4)'],
      ['az', '1 iyun 2024, saat 00:00 (UTC+4)'],
      ['ru', '1 июня 2024 г. в 00:00 (UTC+4)'],
      ['be', '1 чэрвеня 2024 г. у 00:00 (UTC+4)'],
    ]
    for (const [language, text] of shown) {
      assert.ok((await page(language)).includes(text), language)
    }
    assert.match(await page('en'), /<time datetime="2024-06-01T00:00:00\+04:00">1 June 2024 at/)
    assert.equal((await api()).closesAt, '2024-06-01T00:00:00+04:00')
  })

  it('that were past when the petition was published stay past under a clock that is set back', async () => {
    await publish('')
    harness.clock.set(-3 * DAY)
    const { status } = await sign(harness, { email: 'early@example.org' })
    harness.clock.set(3 * DAY)
    assert.equal(status, 303)
  })

  it('may have a zone by name, whose summer time is heeded', async () => {
    await publish('closes: 2024-06-01 18:30 America/New_York')
    assert.ok((await page('en')).includes('1 June 2024 at 18:30 (America/New_York, UTC−4)'))
    assert.equal((await api()).closesAt, '2024-06-01T18:30:00-04:00')
    await publish('closes: 2024-12-01T18:30[America/New_York]')
    assert.equal((await api()).closesAt, '2024-12-01T18:30:00-05:00')
  })

  it('without a time are whole days where the organisers are', async () => {
    await publish('zone: Asia/Baku\ncloses: 2024-06-01')
    assert.equal((await api()).closesAt, '2024-06-01T23:59:59+04:00')
    assert.ok((await page('en')).includes('1 June 2024 at 23:59 (Asia/Baku, UTC+4)'))
    await folder.change('petition.yaml', /^opens: -1d$/m, 'opens: 2024-03-02')
    await harness.site.publishing.publish(folder.path, { by: TESTER, agree: agreed })
    assert.equal((await api()).opensAt, '2024-03-02T00:00:00+04:00')
    const upcoming = await page('ru')
    assert.match(
      upcoming,
      /Сбор подписей начнётся 2 марта 2024 г\. в 00:00 \(Asia\/Baku, UTC\+4\)\./,
    )
  })

  it('stand in the mails, and after the end on the page and on that which a late form gets', async () => {
    await publish('zone: Europe/Minsk\ncloses: 2024-03-11T09:15')
    assert.equal((await sign(harness, { email: 'in-time@example.org' }, 'be')).status, 303)
    await harness.work()
    const mail = harness.mail.lastTo('in-time@example.org')
    const said = /Збор подпісаў скончыцца 11 сакавіка 2024 г\. у 09:15 \(Europe\/Minsk, UTC\+3\)\./
    assert.match(plain(mail.text!), said)
    assert.match(plain(String(mail.html)), said)
    assert.equal((await confirm(harness, pathOf(linkIn(mail, 'confirm')))).status, 303)
    harness.clock.move(20 * DAY)
    const late = await sign(harness, { email: 'late@example.org' })
    assert.equal(late.status, 410)
    const end = /It closed on 11 March 2024 at 09:15 \(Europe\/Minsk, UTC\+3\)/
    assert.match(plain(await late.text()), end)
    assert.match(await page('en'), end)
  })

  it('without an end are no line of a mail', async () => {
    const open = await startHarness()
    try {
      await folder.change('petition.yaml', /^closes:.*\n/m, '')
      await open.site.publishing.publish(folder.path, { by: TESTER, agree: agreed })
      await sign(open, { email: 'whenever@example.org' })
      await open.work()
      assert.doesNotMatch(open.mail.lastTo('whenever@example.org').text!, /Signing ends/)
    } finally {
      await open.close()
    }
  })

  it('of a closing by hand are told in the organisers’ zone', async () => {
    const open = await startHarness()
    try {
      await open.site.publishing.publish(folder.path, { by: TESTER, agree: agreed })
      await open.site.publishing.close('cop29-baku', TESTER, agreed)
      // 09:30 UTC by the test's clock.
      assert.match(
        plain(await (await get(open, '/en/p/cop29-baku')).text()),
        /It closed on 1 March 2024 at 12:30 \(Europe\/Minsk, UTC\+3\)/,
      )
    } finally {
      await open.close()
    }
  })
})
