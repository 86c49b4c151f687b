import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { raiseGoal } from '../../src/petition/petition.ts'
import { languages } from '../../src/platform/i18n/translate.ts'
import { MOST_SHIFT, OBSERVE_PAINT, seenOn } from '../support/browser/observe-paint.ts'
import { petitionPath } from '../support/browser/person.ts'
import { DESK, PHONE, withPage } from '../support/browser.ts'
import { getDemo } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'

/** The first signature, and each that takes a digit more; how many of them wait for the log. */
const COUNTS = [
  { counted: 1, arrived: 1 },
  { counted: 1, arrived: 0 },
  { counted: 9, arrived: 2 },
  { counted: 10, arrived: 3 },
  { counted: 99, arrived: 0 },
  { counted: 100, arrived: 12 },
  { counted: 999, arrived: 0 },
  { counted: 1000, arrived: 40 },
]

/** The browser tells of a shift with its next frames. */
const FRAMES_MS = 100

/** As on coming back to the tab: the page asks for the count at once. */
const ASK = `document.dispatchEvent(new Event('visibilitychange'))`

describe('a count that grows while the page is read', () => {
  const harness = useHarness({}, { languages })

  for (const width of [PHONE, DESK])
    it(`moves nothing else, ${width} pixels wide`, async () => {
      const { goals } = (await getDemo(harness)).settings
      const shifts = new Map<string, number>()
      for (const language of languages)
        await withPage({ width }, async (page) => {
          let now = { counted: 0, arrived: 0 }
          await page.route('**/api/v1/petitions/*', (route) => {
            const { counted, arrived } = now
            const log = { certified: counted - arrived }
            const json = { goal: raiseGoal(goals, counted), signatures: { counted }, log }
            return route.fulfill({ json })
          })
          await page.emulateMedia({ reducedMotion: 'reduce' })
          await page.addInitScript(OBSERVE_PAINT)
          await page.goto(`${harness.origin}${petitionPath(language)}`)
          await page.evaluate('document.fonts.ready')
          // A shift weighs as much as what it moves in view.
          await page.evaluate(`document.querySelector('.count').scrollIntoView()`)
          await page.waitForTimeout(FRAMES_MS)
          const before = (await seenOn(page)).shift
          for (const each of COUNTS) {
            now = each
            await page.evaluate(ASK)
            await page.locator(`progress[value="${each.counted}"]`).waitFor()
            await page.waitForTimeout(FRAMES_MS)
          }
          shifts.set(language, (await seenOn(page)).shift - before)
        })
      const told = [...shifts].map(([language, shift]) => `${language} ${shift.toFixed(4)}`)
      assert.ok(Math.max(...shifts.values()) <= MOST_SHIFT, told.join(', '))
    })
})
