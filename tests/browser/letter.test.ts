import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { languages, translator } from '../../src/platform/i18n/translate.ts'
import { petitionPath } from '../support/browser/person.ts'
import { PHONE, withPage } from '../support/browser.ts'
import { getDemo } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { TESTER } from '../support/tester.ts'
import { until } from '../support/until.ts'

/** In characters: browsers on Windows and some mail programs take hardly more. */
const LONGEST = 2_000
const ADDRESS = 'stm@stm.example'
const OWN_WORDS = 'Dear Prime Minister,\n\n100 % of us & more: “please” read this.'
const t = translator('en')

describe('a letter that the reader changes', () => {
  const harness = useHarness({}, { languages })
  before(async () => {
    const asked = [
      { id: 'dk', country: 'DK', office: 'head-of-government' as const, contact: ADDRESS },
    ]
    await harness.site.targets.import(await getDemo(harness), asked, TESTER)
  })

  const open = (page: Page, language: string) =>
    page.goto(`${harness.origin}${petitionPath(language)}/write?to=dk&in=${language}`)
  const letter = (page: Page) => page.locator('#write-body')
  const mail = (page: Page) => page.locator('a[href^="mailto:"]')
  const says = (page: Page, words: string) => page.getByText(words, { exact: true })
  const copied = (page: Page) => page.evaluate<string>('navigator.clipboard.readText()')

  async function carried(page: Page) {
    const href = (await mail(page).getAttribute('href'))!
    assert.ok(href.length <= LONGEST, `${href.length} characters`)
    const { pathname, searchParams } = new URL(href)
    assert.equal(pathname, ADDRESS)
    assert.ok(searchParams.get('subject'))
    return searchParams.get('body')?.replaceAll('\r\n', '\n') ?? null
  }
  /** What the link opens, in the place of a mail program. */
  async function press(page: Page): Promise<string> {
    const opened = page.waitForRequest(/^mailto:/)
    await mail(page).click()
    return (await opened).url()
  }

  it('goes into the mail program as it is now', async () => {
    await withPage({ goesTo: /^mailto:/ }, async (page) => {
      await open(page, 'en')
      assert.equal(await carried(page), await letter(page).inputValue())
      await letter(page).fill(OWN_WORDS)
      assert.equal(await carried(page), OWN_WORDS)
      assert.equal(await press(page), await mail(page).getAttribute('href'))
      assert.equal(await says(page, t('write.tooLong')).isVisible(), false)
      assert.equal(await says(page, t('share.copied')).isVisible(), false)
    })
  })

  it('also goes with what was typed before the script came', async () => {
    await withPage({}, async (page) => {
      let release = () => {}
      const released = new Promise<void>((resolve) => {
        release = resolve
      })
      await page.route(/\/assets\/.*\.js$/, async (route) => {
        await released
        await route.continue()
      })
      await page.goto(`${harness.origin}${petitionPath('en')}/write?to=dk`, { waitUntil: 'commit' })
      await letter(page).fill(OWN_WORDS)
      release()
      await until(async () => (await carried(page)) === OWN_WORDS)
    })
  })

  it('is copied by the same press where it is too long for a link, and the page says so', async () => {
    await withPage({ width: PHONE, goesTo: /^mailto:/ }, async (page) => {
      await open(page, 'en')
      const long = `${OWN_WORDS} ${'Ўладзімір '.repeat(60)}`
      await letter(page).fill(long)
      await says(page, t('write.tooLong')).waitFor()
      assert.equal(await carried(page), null)
      assert.doesNotMatch(await press(page), /body=/)
      await says(page, t('share.copied')).waitFor()
      assert.equal(await copied(page), long)
      await letter(page).fill(OWN_WORDS)
      await says(page, t('write.tooLong')).waitFor({ state: 'hidden' })
      assert.equal(await carried(page), OWN_WORDS)
    })
  })

  it('stays to be copied by hand where the browser copies nothing', async () => {
    await withPage({ goesTo: /^mailto:/ }, async (page) => {
      await page.addInitScript(
        `Object.defineProperty(navigator, 'clipboard', { get: () => undefined })`,
      )
      await open(page, 'fa')
      assert.equal(await carried(page), null)
      await press(page)
      await says(page, translator('fa')('write.copyFailed')).waitFor()
      assert.equal(await page.evaluate('document.activeElement.id'), 'write-body')
    })
  })

  for (const javaScript of [true, false]) {
    it(`fits its link in every language, or is to be pasted: ${javaScript ? 'with' : 'without'} JavaScript`, async () => {
      const pasted: string[] = []
      await withPage({ javaScript, width: PHONE }, async (page) => {
        for (const language of languages) {
          await open(page, language)
          const words = translator(language)
          const body = await carried(page)
          if (body === null) pasted.push(language)
          else assert.equal(body, await letter(page).inputValue())
          assert.equal(await says(page, words('write.tooLong')).isVisible(), body === null)
          const isSaid = await says(page, words('write.noScript')).isVisible()
          assert.equal(isSaid, body !== null && !javaScript, language)
        }
      })
      for (const language of ['fa', 'ru', 'ka']) assert.ok(pasted.includes(language), language)
      for (const language of ['en', 'de']) assert.ok(!pasted.includes(language), language)
    })
  }
})
