import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { everyPage, type Sites, startSites } from '../support/browser/every-page.ts'
import { petitionPath } from '../support/browser/person.ts'
import { visitUnsealingPage } from '../support/browser/unsealing-visit.ts'
import { DESK, PHONE, withPage } from '../support/browser.ts'

const TABLET = 768
/** Of the width between the margins, how much a page fills from its leftmost to its rightmost text. */
const LEAST_FILLED = 0.85
/** A line of text is read with ease up to some 75 characters. */
const WIDEST_LINE_REM = 40

interface Layout {
  /** Whether the heading begins at the left margin. */
  headingAtMargin: boolean
  /** Where its text begins, in pixels. */
  text: number
  filled: number
  /** Of its lines of text, in rem. */
  widest: number
}

const LAYOUT = `(() => {
  const letter = [...document.querySelectorAll('.letter')].find((each) => each.checkVisibility())
  if (!letter) return null
  const { left, width } = letter.getBoundingClientRect()
  const box = (element) => element.getBoundingClientRect()
  const shown = (selector) => [...letter.querySelectorAll(selector)].filter((each) => each.checkVisibility() && box(each).width > 1)
  const texts = shown('p:not(.kicker), dl, ol, ul, form, pre, .count')
  const lines = shown('p:not(.kicker)')
  const far = Math.max(...texts.map((each) => box(each).right))
  return {
    headingAtMargin: Math.abs(box(letter.querySelector('h1')).left - left) < 1,
    text: Math.round(Math.min(...texts.filter((each) => !each.closest('.error-summary, table, .languages')).map((each) => box(each).left))),
    filled: (far - Math.min(box(letter.querySelector('h1')).left, ...texts.map((each) => box(each).left))) / width,
    widest: Math.max(...lines.map((each) => box(each).width)) / 16,
  }
})()`

const layoutOf = (page: Page): Promise<Layout | null> => page.evaluate(LAYOUT)

describe('inner pages', () => {
  let sites: Sites
  before(async () => {
    sites = await startSites()
  })
  after(() => sites.close())

  it('have their headings in the margin of a wide screen and their text beside them, all alike', async () => {
    const places = new Map<number, string[]>()
    let documents = 0
    const check = (name: string, layout: Layout) => {
      documents++
      places.set(layout.text, [...(places.get(layout.text) ?? []), name])
      assert.ok(layout.headingAtMargin, name)
      assert.ok(layout.filled >= LEAST_FILLED, `${name} fills ${layout.filled} of its width`)
      assert.ok(layout.widest <= WIDEST_LINE_REM + 0.1, `${name}: lines of ${layout.widest} rem`)
    }
    await withPage({ width: DESK }, async (page) => {
      for (const { name, open } of await everyPage(sites, 'en')) {
        await open(page)
        const layout = await layoutOf(page)
        if (layout) check(name, layout)
      }
    })
    await visitUnsealingPage(
      async ({ page, see }) => {
        await see('Open the list of signers')
        check('unsealing', (await layoutOf(page))!)
      },
      { width: DESK },
    )
    assert.ok(documents > 20, `${documents} pages were measured`)
    assert.equal(places.size, 1, `text begins at ${JSON.stringify([...places])} px`)
  })

  it('have one column on a phone and a tablet', async () => {
    for (const width of [PHONE, TABLET]) {
      await withPage({ width }, async (page) => {
        for (const path of ['/privacy', '/verify', '/withdraw', '/check-your-email', '/thanks']) {
          await page.goto(`${sites.busy.origin}${petitionPath('en')}${path}`)
          const heading = await page.locator('h1').boundingBox()
          const text = await page.locator('.letter .lede').first().boundingBox()
          assert.ok(
            heading && text && text.y >= heading.y + heading.height - 1,
            `${path}, ${width}`,
          )
          assert.ok(Math.abs(text.x - heading.x) < 1, `${path}, ${width}`)
        }
      })
    }
  })

  it('the petition on a phone says what it asks before it asks for a signature', async () => {
    await withPage({ width: PHONE }, async (page) => {
      await page.goto(`${sites.busy.origin}${petitionPath('en')}`)
      const order = ['.slogan', '.opening .lede', '.signing .count', '#sign-form', '.body']
      const tops = await Promise.all(
        order.map(async (part) => (await page.locator(part).first().boundingBox())!.y),
      )
      assert.deepEqual(
        [...tops].sort((a, b) => a - b),
        tops,
      )
    })
  })
})
