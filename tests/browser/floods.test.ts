import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { translator } from '../../src/platform/i18n/translate.ts'
import { ONION } from '../support/browser/launch-chromium.ts'
import { type LiveSite, startLiveSite } from '../support/browser/live-site.ts'
import { startNewsSite, strictPolicy } from '../support/browser/news-site.ts'
import {
  consent,
  fillIn,
  type Person,
  petitionPath,
  press,
  seeHeading,
  signAndConfirm,
} from '../support/browser/person.ts'
import { PHONE, withPage } from '../support/browser.ts'
import { sign } from '../support/signer.ts'
import { until } from '../support/until.ts'

/** More forms without proof than are mailed at once, and than run off while the tests run. */
const FLOOD = 400
/** The page waits so long for a proof that does not come, and never less. */
const PATIENCE_MS = 12_000
/** Cheap phones are about so much slower than this machine. */
const SLOWER = 6

describe('signing in a browser while forms pour in', () => {
  let site: LiveSite
  before(async () => {
    site = await startLiveSite({ guard: true })
    for (let nth = 0; nth < FLOOD; nth++) {
      await sign(site.harness, { email: `flood${nth}@town${nth}.example.org` })
    }
  })
  after(() => site.close())

  const person = (who: string): Person => ({
    language: 'en',
    name: 'Margaret O’Neill',
    email: `${who}@example.net`,
    country: 'PL',
  })
  const proof = (page: Page) => page.locator('input[name="altcha"]').inputValue()
  /** Fills the form in without touching it, as a browser does that knows the answers. */
  const prefill = (page: Page, who: string) =>
    page.evaluate(`{
      const { elements } = document.querySelector('#sign-form')
      elements.name.value = '${who}'
      elements.email.value = '${who}@example.net'
      elements.country.value = 'PL'
      elements.consent.checked = true
    }`)
  const heldOf = async () =>
    (await site.harness.site.signatures.countHeld(null)).reduce((sum, { forms }) => sum + forms, 0)

  it('the browser does its work unseen, and the mail comes at once', async () => {
    await withPage({ width: PHONE }, async (page) => {
      await page.goto(site.origin + petitionPath('en'))
      assert.equal(await proof(page), '', 'nothing before the form is touched')
      const held = await heldOf()
      await signAndConfirm(page, site, person('ann'))
      assert.equal(await heldOf(), held)
    })
  })

  it('on a page that is slow, too, also when the button is pressed before the work is done', async () => {
    await withPage({ width: PHONE }, async (page) => {
      // Of the page alone, not of its worker: for the time that the work takes see work.test.ts.
      const session = await page.context().newCDPSession(page)
      await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
      await page.goto(site.origin + petitionPath('en'))
      // As a browser that fills in what it knows: no field is touched before the button.
      await prefill(page, 'ben')
      const held = await heldOf()
      await press(page, 'en', 'form.submit')
      await seeHeading(page, 'en', 'checkEmail.heading')
      assert.equal(await heldOf(), held)
    })
  })

  it('in another site’s frame, too', async () => {
    const news = await startNewsSite()
    const content = `<script async src="${site.origin}/embed.js" data-petition="cop29-baku"></script>`
    const policy = strictPolicy(site.origin)
    await withPage({ width: PHONE }, async (page) => {
      await page.goto(news.show({ content, policy }))
      const held = await heldOf()
      const frame = page.frameLocator('iframe')
      await frame.locator('#field-name').fill('Margaret O’Neill')
      await frame.locator('#field-email').fill('framed@example.net')
      await frame.locator('#field-country').selectOption('PL')
      await frame.locator('#field-consent').check()
      await frame.locator('button[data-busy]').click()
      await frame.getByRole('heading', { name: translator('en')('checkEmail.heading') }).waitFor()
      assert.equal(await heldOf(), held)
    }).finally(() => news.close())
  })

  it('over an onion service, without the browser’s own cryptography, too', async () => {
    // Chromium says that it ignores this header without HTTPS; to Tor Browser an onion address is as good.
    await withPage({ width: PHONE, provokes: /Cross-Origin-Opener-Policy/ }, async (page) => {
      await page.goto(site.origin.replace('127.0.0.1', ONION) + petitionPath('en'))
      assert.equal(await page.evaluate('isSecureContext'), false)
      const held = await heldOf()
      await fillIn(page, person('ines'))
      await consent(page, person('ines'))
      await press(page, 'en', 'form.submit')
      await seeHeading(page, 'en', 'checkEmail.heading')
      assert.equal(new URL(page.url()).hostname, ONION)
      assert.equal(await heldOf(), held)
    })
  })

  it('without JavaScript the form is taken as well; its mail waits for its turn', async () => {
    await withPage({ width: PHONE, javaScript: false }, async (page) => {
      await page.goto(site.origin + petitionPath('en'))
      await fillIn(page, person('cleo'))
      await consent(page, person('cleo'))
      const held = await heldOf()
      await press(page, 'en', 'form.submit')
      await seeHeading(page, 'en', 'checkEmail.heading')
      assert.equal(await heldOf(), held + 1)
    })
  })

  it('a browser that can’t load the worker keeps nobody waiting', async () => {
    await withPage({ width: PHONE, provokes: /solve|404/ }, async (page) => {
      await page.route('**/solve-*.js', (route) => route.fulfill({ status: 404 }))
      await page.route('**/challenge?*', async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 500))
        await route.continue()
      })
      await page.goto(site.origin + petitionPath('en'))
      await prefill(page, 'dora')
      const begun = performance.now()
      await press(page, 'en', 'form.submit')
      await seeHeading(page, 'en', 'checkEmail.heading')
      assert.ok(performance.now() - begun < PATIENCE_MS)
    })
  })

  it('a browser without requestSubmit sends the form with the first press', async () => {
    await withPage({ width: PHONE }, async (page) => {
      await page.addInitScript('delete HTMLFormElement.prototype.requestSubmit')
      await page.goto(site.origin + petitionPath('en'))
      await prefill(page, 'emil')
      await press(page, 'en', 'form.submit')
      await seeHeading(page, 'en', 'checkEmail.heading')
    })
  })

  it('and to where its button says, by the button and by Enter', async () => {
    for (const by of ['button', 'Enter'] as const) {
      await withPage({ width: PHONE }, async (page) => {
        await page.addInitScript('delete HTMLFormElement.prototype.requestSubmit')
        await page.goto(site.origin + petitionPath('en'))
        await prefill(page, `eve${by}`)
        await page.evaluate(
          `document.querySelectorAll('[data-busy], [data-default-press]').forEach((each) => { each.formTarget = '_blank' })`,
        )
        const opened = page.waitForEvent('popup')
        if (by === 'button') await press(page, 'en', 'form.submit')
        else await page.locator('#field-name').press('Enter')
        await seeHeading(await opened, 'en', 'checkEmail.heading')
      })
    }
  })

  it('a phone that slept has its proof renewed, though its own measure of time stood still', async () => {
    await withPage({ width: PHONE }, async (page) => {
      await page.addInitScript('performance.now = () => 1000')
      await page.goto(site.origin + petitionPath('en'))
      await fillIn(page, person('fay'))
      const early = await until(() => proof(page), { complaint: 'no proof' })
      await page.evaluate(`{ const now = Date.now; Date.now = () => now() + 31 * 60000 }`)
      await consent(page, person('fay'))
      const late = await until(() => proof(page), { complaint: 'no second proof' })
      assert.notEqual(late, early)
    })
  })

  it('a press is forgotten on a page that comes back from the browser’s memory', async () => {
    await withPage({ width: PHONE }, async (page) => {
      let answer = () => {}
      await page.route('**/challenge?*', async (route) => {
        await new Promise<void>((resolve) => {
          answer = resolve
        })
        await route.continue()
      })
      await page.goto(site.origin + petitionPath('en'))
      await prefill(page, 'gus')
      await press(page, 'en', 'form.submit')
      await page.evaluate(`dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))`)
      answer()
      await page.waitForTimeout(1500)
      assert.equal(new URL(page.url()).pathname, petitionPath('en'))
    })
  })
})

describe('signing in a browser in peace', () => {
  let site: LiveSite
  before(async () => {
    site = await startLiveSite({ guard: true })
  })
  after(() => site.close())

  const ann: Person = { language: 'en', name: 'Ann', email: 'ann@example.net', country: 'PL' }
  const heldOf = async () =>
    (await site.harness.site.signatures.countHeld(null)).reduce((sum, { forms }) => sum + forms, 0)

  it('takes no work, and loads no solver', async () => {
    await withPage({ width: PHONE }, async (page) => {
      const asked: string[] = []
      page.on('request', (request) => asked.push(new URL(request.url()).pathname))
      await page.goto(site.origin + petitionPath('en'))
      await signAndConfirm(page, site, ann)
      assert.ok(asked.includes('/challenge'))
      assert.deepEqual(
        asked.filter((path) => path.includes('solve')),
        [],
      )
      assert.equal(await heldOf(), 0)
    })
  })

  it('is not held up at the press by a server that does not answer', async () => {
    await withPage({ width: PHONE }, async (page) => {
      await page.goto(site.origin + petitionPath('en'))
      await fillIn(page, { ...ann, email: 'ben@example.net' })
      await consent(page, ann)
      await page.waitForTimeout(3200)
      await page.route('**/challenge?*', () => {})
      const begun = performance.now()
      await press(page, 'en', 'form.submit')
      await seeHeading(page, 'en', 'checkEmail.heading')
      assert.ok(performance.now() - begun < PATIENCE_MS)
    })
  })

  it('takes work all the same where a flood begins between the first touch and the press', async () => {
    await withPage({ width: PHONE }, async (page) => {
      await page.goto(site.origin + petitionPath('en'))
      await fillIn(page, { ...ann, email: 'cleo@example.net' })
      await consent(page, ann)
      assert.equal(await page.locator('input[name="altcha"]').inputValue(), '')
      for (let nth = 0; nth < FLOOD; nth++) {
        await sign(site.harness, { email: `flood${nth}@town${nth}.example.org` })
      }
      await page.waitForTimeout(3200)
      const held = await heldOf()
      assert.ok(held > 0)
      await press(page, 'en', 'form.submit')
      await seeHeading(page, 'en', 'checkEmail.heading')
      assert.equal(await heldOf(), held)
    })
  })
})
