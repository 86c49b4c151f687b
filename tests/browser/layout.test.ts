import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { languages } from '../../src/platform/i18n/translate.ts'
import { readAssets } from '../../src/platform/web/assets.ts'
import { petitionPath } from '../support/browser/person.ts'
import { PHONE, withPage } from '../support/browser.ts'
import { useHarness } from '../support/harness.ts'
import { get, signAndConfirm } from '../support/signer.ts'

/** HTML and styles, before compression: a letter of Georgian is three bytes, which page-weight.test.ts weighs. With links to the page in twelve languages. */
const MAX_PAGE_CHARACTERS = 70_000

/** One and a half screens of a usual phone, 390 by 844 pixels: nobody loses sight of the end while filling it in. */
const MAX_FORM_PX = 1.5 * 844

const NARROW = 360
const LINE_PX = 24

describe('layout', () => {
  const harness = useHarness({}, { languages })
  let petition: string
  before(async () => {
    petition = `${harness.origin}${petitionPath('en')}`
    await signAndConfirm(harness, { display: 'name' })
  })

  it('the Sign bar sticks to a phone’s foot, leads to the form and steps aside there', async () => {
    await withPage({ width: PHONE }, async (page) => {
      await page.goto(petition)
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

  it('the Sign bar covers nothing before the browser has said whether the form is in view', async () => {
    await withPage({ width: PHONE }, async (page) => {
      await page.addInitScript('IntersectionObserver.prototype.observe = () => {}')
      await page.goto(petition)
      const bar = await page.locator('.sign-bar').boundingBox()
      assert.ok(bar && bar.y > page.viewportSize()!.height)
    })
  })

  it('a phone without JavaScript finds the way to the form at the end of the page', async () => {
    await withPage({ width: PHONE, javaScript: false }, async (page) => {
      await page.goto(petition)
      await page.locator('.sign-bar').getByRole('link').click()
      assert.equal(new URL(page.url()).hash, '#sign')
    })
  })

  it('the narrow phone has the sender’s address on a line of its own', async () => {
    await withPage({ width: NARROW }, async (page) => {
      for (const language of languages) {
        await page.goto(`${harness.origin}${petitionPath(language)}/check-your-email`)
        const sender = page.getByText('petitions@undersigned.localhost', { exact: true })
        const box = await sender.boundingBox()
        assert.ok(box && box.height <= LINE_PX, `${language}: one line, not ${box?.height} pixels`)
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), NARROW, language)
      }
    })
  })

  it('the whole form is within one and a half screens of a phone in every language', async (t) => {
    await withPage({ width: PHONE }, async (page) => {
      const heights = new Map<string, number>()
      for (const language of languages) {
        await page.goto(`${harness.origin}${petitionPath(language)}`)
        const box = await page.locator('#sign').boundingBox()
        heights.set(language, Math.round(box!.height))
      }
      const told = [...heights].map(([language, height]) => `${language} ${height}`).join(', ')
      t.diagnostic(told)
      assert.ok(Math.max(...heights.values()) <= MAX_FORM_PX, told)
    })
  })

  it('a wide screen has the form beside the text and no Sign bar', async () => {
    await withPage({}, async (page) => {
      await page.goto(petition)
      const form = await page.locator('.signing').boundingBox()
      const text = await page.locator('.text').boundingBox()
      assert.ok(form && text && form.x >= text.x + text.width)
      assert.equal(await page.locator('.sign-bar').isVisible(), false)
    })
  })

  it('print has the text, the names and the sources’ addresses, and no form', async () => {
    await withPage({}, async (page) => {
      await page.goto(petition)
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

  it(`the petition’s page and its styles are less than ${MAX_PAGE_CHARACTERS} characters`, async () => {
    const styles = await (await get(harness, readAssets().paths.style)).text()
    for (const language of languages) {
      const html = await (await get(harness, petitionPath(language))).text()
      const total = html.length + styles.length
      assert.ok(total < MAX_PAGE_CHARACTERS, `${language}: ${total} characters`)
    }
  })
})
