import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { HOUR } from '../../src/platform/clock.ts'
import { petitionPath } from '../support/browser/person.ts'
import { PHONE, withPage } from '../support/browser.ts'
import { useHarness } from '../support/harness.ts'
import { confirm, get, signAndConfirm, signAndOpenMail } from '../support/signer.ts'

describe('the verify page in a browser', () => {
  const harness = useHarness()
  let address: string
  let receipt: string
  before(async () => {
    for (let signer = 0; signer < 3; signer++) {
      harness.clock.move(HOUR)
      await signAndConfirm(harness, { email: `signer-${signer}@example.org` })
    }
    const link = await signAndOpenMail(harness, { email: 'keeps@example.org' })
    await confirm(harness, link)
    await harness.sequence()
    await harness.tally()
    const path = (await get(harness, link)).headers.get('location')!
    receipt = await (await get(harness, `${path}/receipt`)).text()
    address = `${harness.origin}${petitionPath('en')}/verify`
  })

  const verdict = (page: Page, name = 'verdict') => page.locator(`[data-${name}][data-verdict]`)

  async function count(page: Page): Promise<string> {
    await page.getByRole('button', { name: 'Count now' }).click()
    await page.locator('[data-verdict]:not([data-verdict="plain"])').first().waitFor()
    return verdict(page).first().innerText()
  }

  it('counts the entries itself and comes to the same number', async () => {
    await withPage({}, async (page) => {
      await page.goto(address)
      assert.match(
        await count(page),
        /^Counted here: 4 signatures among 9 entries\. This matches the number/,
      )
      assert.ok(await page.locator('[data-growth] polyline').getAttribute('points'))
    })
  })

  it('does so without the browser’s own cryptography, as on an onion address', async () => {
    await withPage({}, async (page) => {
      await page.addInitScript(
        "Object.defineProperty(globalThis.crypto, 'subtle', { value: undefined })",
      )
      await page.goto(address)
      assert.match(await count(page), /^Counted here: 4 signatures/)
    })
  })

  it('finds an entry that was changed on the way', async () => {
    await withPage({}, async (page) => {
      await page.route('**/log/tile/entries/**', async (route) => {
        const answer = await route.fetch()
        const body = Buffer.from(await answer.body())
        // Another letter of base64: the entry's form stays good, and only its hash differs.
        const at = body.length - 4
        body.write(body.toString('latin1', at, at + 1) === 'B' ? 'C' : 'B', at, 'latin1')
        await route.fulfill({ response: answer, body })
      })
      await page.goto(address)
      assert.match(
        await count(page),
        /does not match the signed checkpoint: tile\/entries\/000\.p\/9/,
      )
      assert.equal(await verdict(page).first().getAttribute('data-verdict'), 'bad')
    })
  })

  it('finds a checkpoint that another key signed', async () => {
    await withPage({}, async (page) => {
      await page.route('**/log/checkpoint', async (route) => {
        const answer = await route.fetch()
        const body = (await answer.text()).replace(/\n9\n/, '\n8\n')
        await route.fulfill({ response: answer, body })
      })
      await page.goto(address)
      assert.match(await count(page), /not signed with the key on this page/)
    })
  })

  it('checks a receipt on the device, good and changed', async () => {
    await withPage({ width: PHONE }, async (page) => {
      await page.goto(address)
      const asked: string[] = []
      page.on('request', (request) => asked.push(new URL(request.url()).pathname))
      const check = async (text: string) => {
        await page.getByLabel('Or paste its text').fill(text)
        await page.getByRole('button', { name: 'Check', exact: true }).click()
        await verdict(page, 'receipt-verdict').waitFor()
        return verdict(page, 'receipt-verdict').innerText()
      }
      assert.match(
        await check(receipt),
        /^The receipt is valid\. Entry \d of a log of 9 is a signature under cop29-baku/,
      )
      assert.match(await check(receipt.replace(/index \d/, 'index 4')), /proof does not match/)
      assert.match(await check('nothing'), /This is not a receipt/)
      await page.getByLabel('Receipt file').setInputFiles({
        name: 'receipt.tlog-proof',
        mimeType: 'text/plain',
        buffer: Buffer.from(receipt),
      })
      await page.getByText('The receipt is valid').waitFor()
      const sent = asked.filter((path) => !path.startsWith('/assets/'))
      assert.deepEqual(sent, [], 'the receipt stays here')
    })
  })

  it('says everything without JavaScript', async () => {
    await withPage({ javaScript: false }, async (page) => {
      await page.goto(address)
      await page.getByText('signatures certified in the public log').waitFor()
      await page.getByText('This needs JavaScript.').waitFor()
      assert.equal(await page.getByRole('button', { name: 'Count now' }).isVisible(), false)
    })
  })
})
