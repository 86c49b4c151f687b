import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type LiveSite, startLiveSite } from '../support/browser/live-site.ts'
import { petitionPath, press, seeHeading } from '../support/browser/person.ts'
import { PHONE, withPage } from '../support/browser.ts'
import { form } from '../support/signer.ts'

describe('a browser within an app, whose form has no origin', () => {
  let site: LiveSite
  before(async () => {
    site = await startLiveSite()
  })
  after(() => site.close())

  /** The page as the app shows it, with what somebody typed. */
  const copied = (action: string, fields: Record<string, string>) =>
    `<form method="post" action="${site.origin}${action}">${Object.entries(fields).map(
      ([name, value]) => `<input name="${name}" value="${value}">`,
    )}<button>Send</button></form>`

  it('is led to the page itself, where what was typed can be sent', async () => {
    const fields = form({ email: 'within-an-app@example.org', comment: 'Because.' })
    await withPage({ javaScript: false, width: PHONE }, async (page) => {
      const path = petitionPath('en')
      await page.goto('about:blank')
      await page.setContent(copied(`${path}/signatures`, fields))
      await page.getByRole('button', { name: 'Send' }).click()
      await seeHeading(page, 'en', 'elsewhere.heading')
      assert.equal(await page.locator('#field-email').inputValue(), fields.email)
      await press(page, 'en', 'elsewhere.submit')
      await page.waitForURL(`${site.origin}${path}`)
      assert.equal(await page.locator('#field-comment').inputValue(), fields.comment)
      await page.locator('#field-consent').check()
      await press(page, 'en', 'form.submit')
      await seeHeading(page, 'en', 'checkEmail.heading')
    })
    await site.linkMailedTo(fields.email!, 'confirm')
  })

  it('and likewise to the form for a link to withdraw', async () => {
    await withPage({ width: PHONE }, async (page) => {
      const path = `${petitionPath('en')}/withdraw`
      await page.goto('about:blank')
      await page.setContent(copied(path, { email: 'leaves-an-app@example.org' }))
      await page.getByRole('button', { name: 'Send' }).click()
      await seeHeading(page, 'en', 'elsewhere.heading')
      await press(page, 'en', 'elsewhere.submit')
      await seeHeading(page, 'en', 'askWithdrawal.heading')
      await press(page, 'en', 'askWithdrawal.submit')
      await seeHeading(page, 'en', 'askWithdrawal.sentHeading')
    })
  })
})
