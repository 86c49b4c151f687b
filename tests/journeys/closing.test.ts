import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY, HOUR } from '../../src/platform/clock.ts'
import { formatDate } from '../../src/platform/i18n/format.ts'
import { languages, translator } from '../../src/platform/i18n/translate.ts'
import { STORY_LANGUAGES } from '../support/demo.ts'
import { useFreshHarness } from '../support/harness.ts'
import {
  askToWithdraw,
  confirm,
  counted,
  get,
  sign,
  signAndConfirm,
  signAndOpenMail,
} from '../support/signer.ts'
import { agreed, TESTER } from '../support/tester.ts'

describe('closing', () => {
  const harness = useFreshHarness()

  it('a closed petition takes no new signature and says so', async () => {
    await harness.site.publishing.close('cop29-baku', TESTER, agreed)
    const answer = await sign(harness, { email: 'late@example.org' })
    assert.equal(answer.status, 410)
    assert.match(await answer.text(), /closed/)
    const page = await (await get(harness, '/en/p/cop29-baku')).text()
    assert.doesNotMatch(page, /<form/)
    await harness.work()
    assert.equal(harness.mail.mails.length, 0)
  })

  it('it closes by its date, too', async () => {
    harness.clock.move(119 * DAY)
    assert.equal((await sign(harness, { email: 'in-time@example.org' })).status, 303)
    harness.clock.move(2 * DAY)
    assert.equal((await sign(harness, { email: 'late@example.org' })).status, 410)
  })

  it('a signer who signed before the closing may confirm for a day, then no more', async () => {
    const inTime = await signAndOpenMail(harness, { email: 'in-time@example.org' })
    const tooLate = await signAndOpenMail(harness, { email: 'too-late@example.org' })
    await harness.site.publishing.close('cop29-baku', TESTER, agreed)
    harness.clock.move(23 * HOUR)
    assert.equal((await get(harness, inTime)).status, 200)
    assert.equal((await confirm(harness, inTime)).status, 303)
    harness.clock.move(2 * HOUR)
    assert.equal((await get(harness, tooLate)).status, 410)
    const answer = await confirm(harness, tooLate)
    assert.equal(answer.status, 410)
    assert.match(await answer.text(), /closed/)
    await harness.tally()
    assert.equal(await counted(harness), 1)
  })

  it('signatures under a closed petition can still be withdrawn', async () => {
    const email = 'leaves-later@example.org'
    await signAndConfirm(harness, { email })
    await harness.site.publishing.close('cop29-baku', TESTER, agreed)
    assert.equal((await askToWithdraw(harness, email)).status, 200)
    assert.match(harness.mail.lastTo(email).text!, /\/en\/withdraw\//)
  })

  it('before it opens it can be read but not signed', async () => {
    const { db } = harness.site
    const opens = new Date(harness.clock.now().getTime() + DAY)
    await db.updateTable('petition').set({ opens_at: opens }).execute()
    assert.equal((await get(harness, '/en/p/cop29-baku')).status, 200)
    const answer = await sign(harness, { email: 'early@example.org' })
    assert.equal(answer.status, 403)
    assert.match(await answer.text(), /Not open yet/)
  })

  it('leaves it on the home page, below the open ones, until it is archived', async () => {
    const home = async (language = 'en') => (await get(harness, `/${language}/`)).text()
    assert.doesNotMatch(await home(), /Closed petitions/)
    await signAndConfirm(harness, { email: 'signed@example.org' })
    await harness.site.publishing.close('cop29-baku', TESTER, agreed)
    const closed =
      /No petitions are open[\s\S]*<h2>Closed petitions<\/h2>[\s\S]*href="\/en\/p\/cop29-baku"/
    assert.match(await home(), closed)
    assert.match(
      await home(),
      /It closed on 1 March 2024 at 09:30 \(UTC\)[\s\S]*<strong>1<\/strong>/,
    )
    assert.match(await home('be'), /Закрытыя петыцыі[\s\S]*href="\/be\/p\/cop29-baku"/)
    harness.clock.move(2 * DAY)
    await harness.seal()
    assert.equal(await harness.site.publishing.archive('cop29-baku', TESTER, agreed), 'archived')
    assert.doesNotMatch(await home(), /cop29-baku|Closed petitions/)
    assert.equal((await get(harness, '/en/p/cop29-baku')).status, 200)
  })

  it('says on the home page, too, that it was delivered, to whom, and what came of it', async () => {
    const home = async (language: string) => (await get(harness, `/${language}/`)).text()
    const { publishing } = harness.site
    await publishing.close('cop29-baku', TESTER, agreed)
    const to = Object.fromEntries(STORY_LANGUAGES.map((language) => [language, 'COP29']))
    await publishing.markDelivered('cop29-baku', TESTER, { on: '2024-02-20', to }, agreed)
    const delivered = await home('en')
    assert.match(
      delivered,
      /were delivered on 20\sFebruary 2024\. To: COP29\. An answer is awaited\./,
    )
    assert.doesNotMatch(delivered, /It closed on/)
    const url = 'https://example.org/answer'
    await publishing.markAnswered('cop29-baku', TESTER, { on: '2024-02-25', url })
    const answered = await home('en')
    assert.match(answered, /To: COP29\.<\/p>\s*<p>The answer came on 25\sFebruary 2024\./)
    assert.doesNotMatch(answered, /awaited/)
    for (const language of languages) {
      const date = formatDate(new Date('2024-02-25T00:00:00Z'), language)
      const told = translator(language)('petition.answered.on', { date })
      assert.ok((await home(language)).includes(told), language)
    }
  })
})
