import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DEMO, getDemo, STORY_LANGUAGES } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { get } from '../support/signer.ts'

describe('the privacy page', () => {
  const harness = useHarness({ SMTP_URL: 'smtp://user:s3cret@relay.example.org:587' })

  const page = async (path: string) => (await get(harness, path)).text()

  it('in each language says what is in force: days, keys, the mail server', async () => {
    const petition = await getDemo(harness)
    for (const language of STORY_LANGUAGES) {
      const text = await page(`/${language}/p/${DEMO}/privacy`)
      assert.ok(text.includes(`<code>${petition.settings.recipients[0]}</code>`), language)
      assert.match(text, /relay\.example\.org/)
      assert.doesNotMatch(text, /s3cret|user:/)
      assert.match(text, /\b14\b/)
      assert.match(text, /class="demo-key"/)
      assert.doesNotMatch(text, /privacy\.[a-z]+|\{\{/, 'a string is missing')
    }
  })

  it('is linked from the form and from what follows it', async () => {
    for (const path of [`/en/p/${DEMO}`, `/en/p/${DEMO}/check-your-email`]) {
      assert.match(await page(path), new RegExp(`href="/en/p/${DEMO}/privacy"`), path)
    }
  })

  it('says that there is no list for updates where there is none', async () => {
    const petition = await getDemo(harness)
    assert.match(await page(`/en/p/${DEMO}/privacy`), /If you let the organisers write to you/)
    const settings = JSON.stringify({ ...petition.settings, updates: false })
    await harness.site.db.updateTable('petition').set({ settings }).execute()
    assert.match(await page(`/en/p/${DEMO}/privacy`), /has no mailing list/)
  })

  it('links what someone who seizes the server learns', async () => {
    assert.match(await page(`/en/p/${DEMO}/privacy`), /href="\/docs\/seizure"/)
    const answer = await get(harness, '/docs/seizure')
    assert.equal(answer.status, 200)
    assert.match(
      await answer.text(),
      /<h1>What a seized server, backup or phone reveals<\/h1>[\s\S]*<table>/,
    )
  })
})
