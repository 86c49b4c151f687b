import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { type LiveSite, startLiveSite } from '../support/browser/live-site.ts'
import { MOST_SHIFT, OBSERVE_PAINT, seenOn } from '../support/browser/observe-paint.ts'
import {
  askForPostcode,
  button,
  consent,
  fillIn,
  type Person,
  personalLink,
  petitionPath,
  press,
  seeHeading,
  signAndConfirm,
  writeComment,
} from '../support/browser/person.ts'
import { PHONE, withPage } from '../support/browser.ts'
import { until } from '../support/until.ts'

// Over 250 lines: a list of what one site's scripts add, each with a browser of its own.

/** Promised are ten seconds, on a machine that does nothing else; without a script it would never come. */
const LIVE_COUNT_MS = 60_000

/** The browser tells of a shift with its next frames. */
const SETTLED_MS = 200

/** No poll falls into it: the count that is seen was asked for on coming back. */
const AT_ONCE_MS = 1_500

interface CountAnswer {
  signatures: { counted: number }
}

/** Chromium without a screen shows every tab, so the page is told that it is behind another. */
const turnAway = (hidden: boolean) => `
  window.turnedAt = performance.now()
  Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true })
  document.dispatchEvent(new Event('visibilitychange'))`

/** How long after it was turned to, or away, the page asked for the count. */
const ASKED_AFTER = `performance.getEntriesByType('resource')
  .filter(({ name, startTime }) => name.includes('/api/') && startTime >= turnedAt)[0].startTime - turnedAt`

/** Playwright can't ask a page that is about to be replaced, so the page tells. */
const TELL_OF_BUTTON = `document.addEventListener('submit', ({ submitter }) =>
  console.info(submitter.textContent + ', disabled: ' + submitter.getAttribute('aria-disabled')))`

describe('what JavaScript adds', () => {
  let site: LiveSite
  let petition: string
  before(async () => {
    site = await startLiveSite()
    petition = `${site.origin}${petitionPath('en')}`
  })
  after(() => site.close())

  const person = (who: string): Person => ({
    language: 'en',
    name: 'Leyla Yunus',
    email: `${who}@example.org`,
    country: 'DE',
  })

  it('a reader sees the first signature appear by itself within ten seconds', async () => {
    await withPage({ width: PHONE }, async (reader) => {
      await reader.addInitScript(OBSERVE_PAINT)
      await reader.goto(petition)
      await reader.getByText('Be the first to sign').waitFor()
      await reader.evaluate('document.fonts.ready')
      // A shift weighs as much as what it moves in view.
      await reader.evaluate(`document.querySelector('.count').scrollIntoView()`)
      await reader.waitForTimeout(SETTLED_MS)
      const { shift } = await seenOn(reader)
      await withPage({}, async (page) => {
        await page.goto(petition)
        await signAndConfirm(page, site, person('first'))
      })
      const figure = reader.locator('.count').getByText('1', { exact: true })
      await figure.waitFor({ timeout: LIVE_COUNT_MS })
      assert.equal(await reader.getByText('Be the first to sign').isVisible(), false)
      assert.equal(await reader.getByRole('progressbar').getAttribute('value'), '1')
      assert.equal(await reader.locator('[data-count-news]').textContent(), 'Signed so far 1')
      assert.ok((await seenOn(reader)).shift - shift <= MOST_SHIFT)
    })
  })

  it('asks for the count every two seconds, once each, and not from a tab behind another', async () => {
    await withPage({}, async (reader) => {
      const asked: string[] = []
      reader.on('request', (request) => {
        if (request.url().includes('/api/')) asked.push(request.method())
      })
      const begun = performance.now()
      await reader.goto(petition)
      await reader.waitForTimeout(7_000)
      await until(() => asked.length >= 2)
      const seconds = (performance.now() - begun) / 1000
      assert.ok(asked.length <= 1 + seconds / 2, `${asked.length} in ${seconds} seconds`)
      await reader.evaluate(turnAway(true))
      const before = asked.length
      await reader.waitForTimeout(3_000)
      assert.equal(asked.length, before)
    })
  })

  it('a reader who comes back to the tab sees at once who signed meanwhile', async () => {
    await withPage({}, async (reader) => {
      await reader.goto(petition)
      await reader.evaluate(turnAway(true))
      const before = await reader.locator('[data-count-url]').getAttribute('data-counted')
      await withPage({}, async (page) => {
        await page.goto(petition)
        await signAndConfirm(page, site, person('meanwhile'))
      })
      const counted = async () => {
        const answer = await fetch(`${site.origin}/api/v1/petitions/cop29-baku`)
        return ((await answer.json()) as CountAnswer).signatures.counted
      }
      while ((await counted()) === Number(before)) await reader.waitForTimeout(100)
      await reader.evaluate(turnAway(false))
      const figure = reader.locator('.count').getByText(String(await counted()), { exact: true })
      await figure.waitFor()
      assert.ok((await reader.evaluate<number>(ASKED_AFTER)) < AT_ONCE_MS)
    })
  })

  it('a signer who presses Sign twice sends once, and can send again after going back', async () => {
    const signer = person('twice')
    await withPage({ width: PHONE }, async (page) => {
      await page.goto(petition)
      await fillIn(page, signer)
      await consent(page, signer)
      const sign = button(page, 'en', 'form.submit')
      await page.evaluate(TELL_OF_BUTTON)
      const told = page.waitForEvent('console')
      const sent = await pressOnSlowNetwork(page, '**/signatures', [sign, sign])
      assert.equal((await told).text(), 'Sending, disabled: true')
      await seeHeading(page, 'en', 'checkEmail.heading')
      assert.equal(sent.length, 1)

      await page.goBack()
      assert.equal(await page.locator('#field-name').inputValue(), signer.name)
      await sign.click()
      await seeHeading(page, 'en', 'checkEmail.heading')
      assert.equal(sent.length, 2)
    })
  })

  for (const [decision, heading] of [
    ['confirm', 'thanks.heading'],
    ['reject', 'rejected.heading'],
  ] as const) {
    it(`the button to ${decision} sends that decision, whatever is pressed after it`, async () => {
      const signer = person(`${decision}s`)
      await withPage({}, async (page) => {
        await page.goto(petition)
        await fillIn(page, signer)
        await consent(page, signer)
        await press(page, 'en', 'form.submit')
        await page.goto(await site.linkMailedTo(signer.email, 'confirm'))
        const buttons = ['confirm.submit', 'confirm.reject'].map((key) => button(page, 'en', key))
        if (decision === 'reject') buttons.reverse()
        const sent = await pressOnSlowNetwork(page, '**/confirm/*', buttons)
        await seeHeading(page, 'en', heading)
        const decisions = sent.map((body) => new URLSearchParams(body ?? '').get('decision'))
        assert.deepEqual(decisions, [decision])
      })
    })
  }

  it('the personal link is copied by a button, or handed to the device’s own sharing', async () => {
    await withPage({}, async (page) => {
      await page.addInitScript({
        content: 'navigator.share = async (data) => { window.shared = data }',
      })
      await page.goto(petition)
      await signAndConfirm(page, site, person('sharer'))
      const link = await personalLink(page)
      await press(page, 'en', 'share.copy')
      await page.getByText('Copied', { exact: true }).waitFor()
      assert.equal(await page.evaluate('navigator.clipboard.readText()'), link)
      await press(page, 'en', 'share.native')
      assert.deepEqual(await page.evaluate('window.shared'), {
        url: `${link}?source=share`,
        text: 'Please read and sign this petition: COP29 in Baku: boycott, or demand freedom for political prisoners',
      })
    })
  })

  it('a form that comes back with errors leads to them, and keeps what was typed', async () => {
    const comment = 'Line one\n\n“Quotes”, <tags> & an emoji: 🕊'
    const typed = { ...person('incomplete'), email: 'leyla@', comment, postcode: '10 115' }
    await askForPostcode(site.harness)
    await withPage({ width: PHONE }, async (page) => {
      await page.goto(petition)
      await fillIn(page, { ...typed, display: 'initials' })
      await page.getByLabel('e-mail me about this petition').check()
      await press(page, 'en', 'form.submit')

      const summary = page.getByRole('alert')
      await summary.getByText('2 things need your attention').waitFor()
      const focused = await page.evaluate('document.activeElement.name')
      assert.equal(focused, 'email', 'the first field that needs attention has the focus')
      assert.match(await page.title(), /^Error:/)
      const links = summary.getByRole('link')
      const targets: string[] = []
      for (const link of await links.all()) {
        await link.click()
        targets.push((await page.evaluate('document.activeElement.name')) as string)
      }
      assert.deepEqual(targets, ['email', 'consent'])

      const value = (name: string) => page.locator(`#field-${name}`).inputValue()
      assert.equal(await value('name'), typed.name)
      assert.equal(await value('email'), typed.email)
      assert.equal(await value('country'), typed.country)
      assert.equal(await value('postcode'), typed.postcode)
      assert.equal(await value('comment'), typed.comment)
      assert.ok(await page.getByLabel('Initials', { exact: true }).isChecked())
      assert.ok(await page.getByLabel('e-mail me about this petition').isChecked())
    })
  })

  it('the comment counts down, and nothing of one that is too long is cut off', async () => {
    await withPage({}, async (page) => {
      await page.goto(petition)
      const field = page.getByLabel('Why are you signing?')
      await writeComment(page, 'en', '🕊'.repeat(460))
      await page.getByText('Characters left: 40').first().waitFor()
      await page
        .locator('[data-limit-news]')
        .getByText('Characters left: 40')
        .waitFor({ state: 'attached' })
      await field.fill('ы'.repeat(503))
      await page.getByText('Characters over the limit: 3').first().waitFor()
      await press(page, 'en', 'form.submit')
      const problem = page.locator('#error-comment').getByText('The comment is too long')
      await problem.waitFor()
      assert.equal(await field.inputValue(), 'ы'.repeat(503))
    })
  })
})

/**
 * Presses buttons one right after the other, as an impatient hand does, while the network keeps what
 * the first one sends. Playwright's own click would wait for the page that comes.
 *
 * @returns the bodies that were posted, also later ones
 */
async function pressOnSlowNetwork(
  page: Page,
  address: string,
  buttons: Locator[],
): Promise<(string | null)[]> {
  const posted: (string | null)[] = []
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route(address, async (route) => {
    if (route.request().method() === 'POST') {
      posted.push(route.request().postData())
      await released
    }
    await route.continue()
  })
  try {
    await buttons[0]!.scrollIntoViewIfNeeded()
    const boxes = await Promise.all(buttons.map((each) => each.boundingBox()))
    for (const box of boxes) {
      await page.mouse.click(box!.x + box!.width / 2, box!.y + box!.height / 2)
    }
  } finally {
    release()
  }
  return posted
}
