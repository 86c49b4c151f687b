import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { type LiveSite, startLiveSite } from '../support/browser/live-site.ts'
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

/** More forms without proof than are mailed at once, and than run off while the tests run. */
const FLOOD = 400
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

  it('on a slow phone, too, also when the button is pressed before the work is done', async () => {
    await withPage({ width: PHONE }, async (page) => {
      const session = await page.context().newCDPSession(page)
      await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
      await page.goto(site.origin + petitionPath('en'))
      // As a browser that fills in what it knows: no field is touched before the button.
      await page.evaluate(`{
        const { elements } = document.querySelector('#sign-form')
        elements.name.value = 'Ben'
        elements.email.value = 'ben@example.net'
        elements.country.value = 'PL'
        elements.consent.checked = true
      }`)
      const held = await heldOf()
      await press(page, 'en', 'form.submit')
      await seeHeading(page, 'en', 'checkEmail.heading')
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
})
