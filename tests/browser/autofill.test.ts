import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { CDPSession, Page } from 'playwright-core'
import { askForPostcode, petitionPath } from '../support/browser/person.ts'
import { withPage } from '../support/browser.ts'
import { useHarness } from '../support/harness.ts'

const OWNER = {
  NAME_FULL: 'Margaret O’Neill',
  EMAIL_ADDRESS: 'margaret@example.org',
  COMPANY_NAME: 'O’Neill & Daughters',
  ADDRESS_HOME_LINE1: 'Sea Road 1',
  ADDRESS_HOME_CITY: 'Berlin',
  ADDRESS_HOME_ZIP: '10115',
  ADDRESS_HOME_COUNTRY: 'DE',
  PHONE_HOME_WHOLE_NUMBER: '+49 30 901820',
}
const FILL_TIMEOUT_MS = 5_000

/** Headless builds of Chromium lack its autofill; who has a whole one sees it fill in the form. */
async function autofill(page: Page, selector: string): Promise<boolean> {
  const session: CDPSession & { send(method: string, params?: object): Promise<unknown> } =
    await page.context().newCDPSession(page)
  const isThere = await session.send('Autofill.enable').then(
    () => true,
    (error: Error) => {
      assert.match(error.message, /wasn't found/)
      return false
    },
  )
  if (!isThere) return false
  const fields = Object.entries(OWNER).map(([name, value]) => ({ name, value }))
  await session.send('Autofill.setAddresses', { addresses: [{ fields }] })
  const { root } = (await session.send('DOM.getDocument')) as { root: { nodeId: number } }
  const found = await session.send('DOM.querySelector', { nodeId: root.nodeId, selector })
  const described = await session.send('DOM.describeNode', found as object)
  const { backendNodeId } = (described as { node: { backendNodeId: number } }).node
  await page.locator(selector).focus()
  await session.send('Autofill.trigger', { fieldId: backendNodeId, address: { fields } })
  const filled = `document.querySelector('#field-email').value !== ''`
  await page.waitForFunction(filled, undefined, { timeout: FILL_TIMEOUT_MS })
  return true
}

describe('a browser that fills in forms', () => {
  const harness = useHarness()

  it('fills in the fields of people and leaves the trap for robots empty', async () => {
    await askForPostcode(harness)
    await withPage({}, async (page) => {
      await page.goto(`${harness.origin}${petitionPath('en')}`)
      const filled = await autofill(page, '#field-name')
      const value = (name: string) => page.locator(`[name="${name}"]`).inputValue()
      if (filled) {
        assert.equal(await value('name'), OWNER.NAME_FULL)
        assert.equal(await value('email'), OWNER.EMAIL_ADDRESS)
        assert.equal(await value('postcode'), OWNER.ADDRESS_HOME_ZIP)
        assert.equal(await value('country'), 'DE')
      }
      const trap = page.locator('.trap input')
      assert.equal(await trap.inputValue(), '')
      // What it has no box for, no browser and no password manager fills in.
      assert.equal(await trap.boundingBox(), null)
      assert.doesNotMatch(
        [await trap.getAttribute('name'), await trap.getAttribute('id')].join(),
        /name|mail|addr|city|state|zip|post|country|phone|tel|company|org|web|url|site|user|login|card|code|birth|title/i,
      )
    })
  })
})
