import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { languages, translator } from '../../src/platform/i18n/translate.ts'
import { readAssets } from '../../src/platform/web/assets.ts'
import { everyPage, type Sites, startSites } from '../support/browser/every-page.ts'
import { petitionPath } from '../support/browser/person.ts'
import { PHONE, withPage } from '../support/browser.ts'
import { get } from '../support/signer.ts'

/** A phone of 320 px; also 1280 px at a zoom of 400 % (WCAG 1.4.10). */
const NARROWEST = 320
/** HTML and styles as they are before compression. */
const MAX_PAGE_BYTES = 50_000

const TOO_WIDE = `[...document.querySelectorAll('body *')]
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
  .map((element) => element.outerHTML.slice(0, 80))`

describe('layout', () => {
  let sites: Sites
  before(async () => {
    sites = await startSites()
  })
  after(() => sites.close())

  for (const language of languages) {
    it(`no page scrolls sideways at ${NARROWEST} px: ${language}`, async () => {
      const found: string[] = []
      await withPage({ width: NARROWEST, locale: language }, async (page) => {
        for (const { name, open } of await everyPage(sites, language)) {
          await open(page)
          const width = await page.evaluate('document.documentElement.scrollWidth')
          if (width === NARROWEST) continue
          found.push(`${name} is ${width} px wide`, ...(await page.evaluate<string[]>(TOO_WIDE)))
        }
      })
      assert.deepEqual(found, [])
    })
  }

  it('the Sign bar sticks to a phone’s foot, leads to the form and steps aside there', async () => {
    await withPage({ width: PHONE }, async (page) => {
      await page.goto(`${sites.busy.origin}${petitionPath('en')}`)
      const bar = page.locator('.sign-bar')
      await page.locator('#about').scrollIntoViewIfNeeded()
      await bar.waitFor()
      const box = await bar.boundingBox()
      assert.ok(box && Math.abs(box.y + box.height - page.viewportSize()!.height) < 1)
      await bar.getByRole('link').click()
      await bar.waitFor({ state: 'hidden' })
      await page.locator('#sign-heading').waitFor()
    })
  })

  it('a phone without JavaScript finds the way to the form at the end of the page', async () => {
    await withPage({ width: PHONE, javaScript: false }, async (page) => {
      await page.goto(`${sites.busy.origin}${petitionPath('en')}`)
      await page.locator('.sign-bar').getByRole('link').click()
      assert.equal(new URL(page.url()).hash, '#sign')
    })
  })

  it('a wide screen has the form beside the text and no Sign bar', async () => {
    await withPage({}, async (page) => {
      await page.goto(`${sites.busy.origin}${petitionPath('en')}`)
      const form = await page.locator('.signing').boundingBox()
      const text = await page.locator('.text').boundingBox()
      assert.ok(form && text && form.x >= text.x + text.width)
      assert.equal(await page.locator('.sign-bar').isVisible(), false)
    })
  })

  it('print has the text, the names and the sources’ addresses, and no form', async () => {
    await withPage({}, async (page) => {
      await page.goto(`${sites.busy.origin}${petitionPath('en')}`)
      await page.emulateMedia({ media: 'print' })
      for (const unprintable of ['form', '.languages', '.sign-bar', '.skip']) {
        assert.equal(await page.locator(unprintable).first().isVisible(), false, unprintable)
      }
      for (const printed of ['h1', '.demands', '.body', '.sources', '.names', '.count']) {
        assert.equal(await page.locator(printed).first().isVisible(), true, printed)
      }
      const address = `getComputedStyle(document.querySelector('.sources a'), '::after').content`
      assert.match(String(await page.evaluate(address)), /https:\/\//)
    })
  })

  it(`the petition’s page and its styles are less than ${MAX_PAGE_BYTES} bytes`, async () => {
    const styles = await (await get(sites.busy, readAssets().paths.style)).arrayBuffer()
    for (const language of languages) {
      const html = await (await get(sites.fresh, petitionPath(language))).arrayBuffer()
      const total = html.byteLength + styles.byteLength
      assert.ok(total < MAX_PAGE_BYTES, `${language}: ${total} bytes`)
    }
  })

  it('every word of the page stands in its language’s own letters', async () => {
    await withPage({ locale: 'be' }, async (page) => {
      await page.goto(`${sites.busy.origin}/`)
      assert.equal(await page.locator('html').getAttribute('lang'), 'be')
      await page.getByRole('heading', { name: translator('be')('home.heading') }).waitFor()
    })
  })
})
