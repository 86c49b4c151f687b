import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Harness, startHarness } from '../support/harness.ts'
import { get } from '../support/signer.ts'

const SLUG = 'cop29-baku'

describe('the privacy page', () => {
  let harness: Harness
  before(async () => {
    harness = await startHarness({ SMTP_URL: 'smtp://user:s3cret@relay.example.org:587' })
  })
  after(() => harness.close())

  const page = async (path: string) => (await get(harness, path)).text()

  it('in each language says what is in force: days, keys, the mail server', async () => {
    const petition = (await harness.site.petitions.find(SLUG))!
    for (const language of ['en', 'az', 'ru', 'be']) {
      const text = await page(`/${language}/p/${SLUG}/privacy`)
      assert.ok(text.includes(`<code>${petition.settings.recipients[0]}</code>`), language)
      assert.match(text, /relay\.example\.org/)
      assert.doesNotMatch(text, /s3cret|user:/)
      assert.match(text, /\b14\b/)
      assert.match(text, /class="demo-key"/)
      assert.doesNotMatch(text, /privacy\.[a-z]+|\{\{/, 'a string is missing')
    }
  })

  it('is linked from the form and from what follows it', async () => {
    for (const path of [`/en/p/${SLUG}`, `/en/p/${SLUG}/check-your-email`]) {
      assert.match(await page(path), new RegExp(`href="/en/p/${SLUG}/privacy"`), path)
    }
  })

  it('says that there is no list for updates where there is none', async () => {
    const petition = (await harness.site.petitions.find(SLUG))!
    assert.match(await page(`/en/p/${SLUG}/privacy`), /If you let the organisers write to you/)
    const settings = JSON.stringify({ ...petition.settings, updates: false })
    await harness.site.db.updateTable('petition').set({ settings }).execute()
    assert.match(await page(`/en/p/${SLUG}/privacy`), /has no mailing list/)
  })

  it('links what someone who seizes the server learns', async () => {
    assert.match(await page(`/en/p/${SLUG}/privacy`), /href="\/docs\/seizure"/)
    const answer = await get(harness, '/docs/seizure')
    assert.equal(answer.status, 200)
    assert.match(await answer.text(), /<h1>What someone who seizes it learns<\/h1>[\s\S]*<table>/)
  })
})
