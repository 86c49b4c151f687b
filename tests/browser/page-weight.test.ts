import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { languages } from '../../src/platform/i18n/translate.ts'
import { makePicture } from '../picture/make-picture.ts'
import { launchChromium } from '../support/browser/launch-chromium.ts'
import { MOST_SHIFT } from '../support/browser/observe-paint.ts'
import { openOnPhone } from '../support/browser/open-on-phone.ts'
import { petitionPath, signers } from '../support/browser/person.ts'
import { VISITED } from '../support/browser/visited-languages.ts'
import { copyDemoWithPicture, DEMO } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { signAndConfirm } from '../support/signer.ts'
import { agreed, TESTER } from '../support/tester.ts'

/** All that a phone loads for a petition's page with a picture, compressed, with the headers of the answers. */
const MOST_BYTES = 100_000
/** Of the files of the fonts alone, without headers. */
const MOST_FONT_BYTES = 60_000
/** docs/performance.md has the two seconds that the bench measures; here other tests run on the same cores. */
const LCP_MS = 6_000
const MOST_VISITS = 8

describe('a petition with a picture, on a phone with slow 4G', () => {
  const harness = useHarness()
  let browser: Browser
  before(async () => {
    const folder = await copyDemoWithPicture()
    await harness.site.publishing.publish(folder.path, { by: TESTER, agree: agreed, isDemo: true })
    for (const [index, name] of Object.values(signers).entries())
      await signAndConfirm(harness, { email: `${index}@example.org`, name, display: 'name' })
    browser = await launchChromium()
  })
  after(() => browser.close())

  for (const language of languages) {
    it(`weighs less than ${MOST_BYTES / 1000} kB and does not move: ${language}`, async (t) => {
      const { bytes, fontBytes, lcp, shift } = await openAtBest(language)
      const figures = `${bytes} bytes, ${fontBytes} of fonts; LCP ${Math.round(lcp)} ms; shift ${shift.toFixed(4)}`
      t.diagnostic(`${language}: ${figures}`)
      assert.ok(bytes <= MOST_BYTES && fontBytes <= MOST_FONT_BYTES, figures)
      assert.ok(shift <= MOST_SHIFT, figures)
      assert.ok(lcp > 0 && lcp < LCP_MS, figures)
    })
  }

  it('weighs no more with a second one, of its delivery', async (t) => {
    const { publishing } = harness.site
    await publishing.close(DEMO, TESTER, agreed)
    const inEach = (words: string) =>
      Object.fromEntries(languages.map((language) => [language, words]))
    const bytes = await makePicture({ width: 1200, height: 800, grain: 30 })
    const picture = { name: 'steps.jpg', bytes, alt: inEach('Two people hand over a box') }
    const on = '2024-02-29'
    await publishing.markDelivered(DEMO, TESTER, { on, to: inEach('the council'), picture }, agreed)
    for (const language of VISITED) {
      const seen = await openAtBest(language)
      const figures = `${seen.bytes} bytes; shift ${seen.shift.toFixed(4)}`
      t.diagnostic(`${language}: ${figures}`)
      assert.ok(seen.bytes <= MOST_BYTES && seen.shift <= MOST_SHIFT, figures)
    }
  })

  /**
   * A busy machine may send a font so late that it takes the place of another one before the reader's eyes, or hold up
   * everything: of some visits, one that was served in time. No visit weighs more.
   */
  async function openAtBest(language: string) {
    let best = await open(language)
    const isHeldUp = ({ lcp, shift }: typeof best) => lcp >= LCP_MS || shift > MOST_SHIFT
    for (let visit = 1; isHeldUp(best) && visit < MOST_VISITS; visit++) {
      const again = await open(language)
      const bytes = Math.max(best.bytes, again.bytes)
      const fontBytes = Math.max(best.fontBytes, again.fontBytes)
      best = { ...(isHeldUp(again) && again.shift > best.shift ? best : again), bytes, fontBytes }
    }
    return best
  }

  const open = (language: string) =>
    openOnPhone(browser, `${harness.origin}${petitionPath(language)}`, { locale: language })
})
