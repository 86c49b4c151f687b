import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { translator } from '../../src/platform/i18n/translate.ts'
import { type LiveSite, startLiveSite } from '../support/browser/live-site.ts'
import { petitionPath } from '../support/browser/person.ts'
import { PHONE, withPage } from '../support/browser.ts'
import { getDemo } from '../support/demo.ts'
import { until } from '../support/until.ts'

/** Of a finger. */
const TARGET_PX = 44
/** As a phone has it: the device takes pictures, and says what it was given. */
const PHONE_SHARES = `
  navigator.canShare = ({ files }) => files.every(({ type }) => type === 'image/png')
  navigator.share = async ({ files = [], url, text }) => {
    const [file] = files
    window.shared = { url, text, name: file?.name, size: file?.size, type: file?.type }
  }`

describe('the share kit', () => {
  let site: LiveSite
  const kit = (language: string) => `${site.origin}${petitionPath(language)}/thanks`
  before(async () => {
    site = await startLiveSite()
  })
  after(() => site.close())

  const copied = (page: Page) => page.evaluate<string>('navigator.clipboard.readText()')

  it('hands the card to the device’s own sharing as a picture, with words and address', async () => {
    await withPage({ width: PHONE }, async (page) => {
      await page.addInitScript({ content: PHONE_SHARES })
      await page.goto(kit('ru'))
      await page
        .getByRole('button', { name: translator('ru')('share.native') })
        .first()
        .click()
      await until(() => page.evaluate('window.shared'))
      const shared = await page.evaluate<Record<string, string | number>>('window.shared')
      assert.match(`${shared.text}`, /петицию: .* http:\/\/\S+\/ru\/p\/cop29-baku\?source=share$/)
      assert.equal(shared.type, 'image/png')
      assert.ok(Number(shared.size) > 10_000, `${shared.size} bytes`)
    })
  })

  it('copies the words for Signal', async () => {
    await withPage({}, async (page) => {
      await page.goto(kit('az'))
      await page.getByRole('button', { name: /^Signal/ }).click()
      await page.getByText(translator('az')('share.copied'), { exact: true }).waitFor()
      assert.match(
        await copied(page),
        /imzalayın: .* http:\/\/\S+\/az\/p\/cop29-baku\?source=signal$/,
      )
    })
  })

  it('asks for the Mastodon server and goes there straight; without a script by joinmastodon.org', async () => {
    await withPage({ goesTo: /^https:\/\/mastodon\.example\/share\?/ }, async (page) => {
      await page
        .context()
        .route('https://mastodon.example/**', (route) => route.fulfill({ body: 'there' }))
      await page.goto(kit('en'))
      const field = page.getByLabel(translator('en')('share.instance'))
      assert.equal(await field.isVisible(), false)
      await page.getByRole('link', { name: 'Mastodon' }).click()
      await field.fill('no server')
      await field.press('Enter')
      assert.equal(page.url(), kit('en'), 'what is no server’s name leads nowhere')
      await field.fill(' https://Mastodon.example/@me ')
      await field.press('Enter')
      await page.waitForURL('https://mastodon.example/share?**')
      const text = new URL(page.url()).searchParams.get('text')!
      assert.match(text, /sign the petition http:\/\/\S+\/en\/p\/cop29-baku\?source=mastodon$/)
    })
    await withPage({ javaScript: false }, async (page) => {
      await page.goto(kit('en'))
      const link = page.getByRole('link', { name: 'Mastodon' })
      assert.match(
        (await link.getAttribute('href'))!,
        /^https:\/\/share\.joinmastodon\.org\/#text=/,
      )
      assert.equal(await page.getByRole('button', { name: /Signal/ }).isVisible(), false)
      assert.equal(await page.locator('[data-mastodon-form]').isVisible(), false)
      assert.equal(await page.locator('.networks a').count(), 12)
    })
  })

  it('has targets of a finger’s size, and a square that shows, in every language and both colours', async () => {
    for (const language of (await getDemo(site.harness)).settings.languages) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await withPage({ width: PHONE, colorScheme }, async (page) => {
          await page.goto(kit(language))
          const heights = await page
            .locator('.networks :is(a, button):visible, .to-print a')
            .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().height))
          assert.ok(heights.length >= 17, `${heights.length}`)
          assert.ok(Math.min(...heights) >= TARGET_PX, `${language}: ${heights}`)
          const image = page.locator('.to-print img')
          await image.scrollIntoViewIfNeeded()
          await until(() =>
            page.evaluate(`document.querySelector('.to-print img').naturalWidth > 0`),
          )
          const wide = 'document.documentElement.scrollWidth <= innerWidth'
          assert.ok(await page.evaluate(wide), `${language}: nothing hangs over`)
        })
      }
    }
  })
})
