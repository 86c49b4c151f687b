import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { translator } from '../../src/platform/i18n/translate.ts'
import { type LiveSite, startLiveSite } from '../support/browser/live-site.ts'
import { petitionPath, seeHeading } from '../support/browser/person.ts'
import { DESK, PHONE, withPage } from '../support/browser.ts'

const t = translator('en')

/** From the skip link to the button; the trap for robots is not among them. */
const FIELDS = ['name', 'email', 'country', 'display', 'comment', 'updates', 'consent']
const MIN_OUTLINE_PX = 2

interface Focused {
  /** The field's name, else the text of the link or button. */
  what: string
  /** Its place in the document. */
  place: number
  /** Width of the outline in CSS pixels; 0 when there is none. */
  outline: number
  inWindow: boolean
  /** What lies over its middle instead; null when nothing does. */
  coveredBy: string | null
}

/** The skip link's slide and the scrolling to a field take a frame. */
const DESCRIBE_FOCUS = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
  const element = document.activeElement
  const style = getComputedStyle(element)
  const { left, top, right, bottom, width, height } = element.getBoundingClientRect()
  const over = document.elementFromPoint(left + width / 2, top + height / 2)
  resolve({
    what: element.matches('input, select, textarea') ? element.name : element.textContent.trim(),
    place: [...document.querySelectorAll('*')].indexOf(element),
    outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    inWindow: top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth,
    coveredBy: element.contains(over) ? null : (over ? over.outerHTML.slice(0, 80) : 'nothing'),
  })
})))`

describe('the keyboard alone', () => {
  let site: LiveSite
  before(async () => {
    site = await startLiveSite()
  })
  after(() => site.close())

  for (const width of [PHONE, DESK]) {
    it(`is enough to sign and confirm, and the focus is always seen: ${width} px`, async () => {
      const email = `keys-${width}@example.org`
      await withPage({ width }, async (page) => {
        await page.goto(`${site.origin}${petitionPath('en')}`)
        assert.equal((await tab(page)).what, t('site.skip'))
        await page.keyboard.press('Enter')
        assert.equal(await page.evaluate('document.activeElement.id'), 'main')

        const answers: Record<string, () => Promise<void>> = {
          name: () => page.keyboard.type('Leyla Yunus'),
          email: () => page.keyboard.type(email),
          country: () => page.keyboard.type('Germany'),
          display: () => page.keyboard.press('ArrowDown'),
          consent: () => page.keyboard.press('Space'),
        }
        await tabTo(page, 'name')
        for (const field of FIELDS) {
          if (field === 'comment') {
            assert.match((await tab(page)).what, /^Say why you are signing/)
            await page.keyboard.press('Enter')
          }
          if (field !== 'name') assert.equal((await tab(page)).what, field)
          await answers[field]?.()
        }
        assert.equal((await tab(page)).what, t('form.submit'))
        await page.keyboard.press('Enter')
        await seeHeading(page, 'en', 'checkEmail.heading')

        await page.goto(await site.linkMailedTo(email, 'confirm'))
        await page.getByText('Shown as L. Y., Germany').waitFor()
        await tabTo(page, t('confirm.submit'))
        await page.keyboard.press('Enter')
        await seeHeading(page, 'en', 'thanks.heading')
      })
    })
  }

  it('reaches every link and control of the thanks page', async () => {
    await withPage({}, async (page) => {
      await page.goto(`${site.origin}${petitionPath('en')}/thanks`)
      const count = await page.locator('a:visible, button:visible, input:visible').count()
      const reached = new Map<number, string>()
      for (let step = 0; step < count; step++) {
        const { place, what } = await tab(page)
        reached.set(place, what)
      }
      assert.equal(reached.size, count, [...reached.values()].join(' · '))
    })
  })
})

/** The next stop, which must be seen to have the focus. */
async function tab(page: Page): Promise<Focused> {
  await page.keyboard.press('Tab')
  const focused = await page.evaluate<Focused>(DESCRIBE_FOCUS)
  const { what, outline, inWindow, coveredBy } = focused
  assert.ok(outline >= MIN_OUTLINE_PX, `${what} has no outline`)
  assert.ok(inWindow, `${what} is outside the window`)
  assert.equal(coveredBy, null, `${what} is covered`)
  return focused
}

async function tabTo(page: Page, wanted: string): Promise<void> {
  const passed: string[] = []
  while (passed.at(-1) !== wanted) {
    passed.push((await tab(page)).what)
    assert.ok(passed.length < 40, `never came to ${wanted}: ${passed.join(' · ')}`)
  }
}
