import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Page } from 'playwright-core'
import { renderMail } from '../../src/platform/mail/render-mail.ts'
import { withPage } from '../support/browser.ts'
import { sendBy } from '../support/mailer.ts'
import { withInbox } from '../support/with-inbox.ts'

it('the inbox shows new mail by itself', async () => {
  await withInbox((catcher, mailer) =>
    withPage({}, async (page) => {
      await page.goto(catcher.inboxUrl)
      await page.getByText('No mail yet.').waitFor()
      for (const subject of ['The first', 'The second']) {
        const mail = { to: 'reader@example.org', subject, text: 'Text', html: '<p>HTML</p>' }
        const { outcome } = await sendBy(mailer, { ...mail, headers: {} })
        assert.equal(outcome, 'accepted')
        await page.getByRole('link', { name: subject }).waitFor()
      }
      assert.equal(await page.getByRole('listitem').count(), 2)
    }),
  )
})

for (const colorScheme of ['light', 'dark'] as const) {
  it(`the inbox shows a letter that can be read, in ${colorScheme} mode`, async () => {
    const view = {
      language: 'en',
      site: 'sign.example.org',
      title: 'A title',
      confirmUrl: 'https://sign.example.org/x',
    }
    // One that follows the reader's scheme, and one that knows of none.
    const letters = [renderMail('confirm', view).html, `<p>${'A plain letter. '.repeat(40)}</p>`]
    await withInbox(async (catcher, mailer) => {
      await withPage({ colorScheme }, async (page) => {
        for (const [nth, html] of letters.entries()) {
          const mail = { to: 'reader@example.org', subject: `Letter ${nth}`, text: 'Text', html }
          await sendBy(mailer, { ...mail, headers: {} })
          await page.goto(`${catcher.inboxUrl}/mail/${nth + 1}`)
          const frame = page.locator('iframe')
          await frame.contentFrame().locator('p').first().waitFor()
          const picture = await frame.screenshot()
          assert.ok((await shareOfInk(page, picture)) > 0.01, `letter ${nth} is blank`)
        }
      })
    })
  })
}

/** Which share of the picture stands out clearly from its ground. */
async function shareOfInk(page: Page, picture: Buffer): Promise<number> {
  const other = await page.context().newPage()
  try {
    return await other.evaluate<number>(`(async () => {
      const image = new Image()
      image.src = 'data:image/png;base64,${picture.toString('base64')}'
      await image.decode()
      const canvas = new OffscreenCanvas(image.width, image.height)
      const context = canvas.getContext('2d')
      context.drawImage(image, 0, 0)
      const { data } = context.getImageData(0, 0, image.width, image.height)
      const lights = []
      for (let at = 0; at < data.length; at += 4) {
        lights.push(0.2126 * data[at] + 0.7152 * data[at + 1] + 0.0722 * data[at + 2])
      }
      const ground = [...lights].sort((one, two) => one - two)[lights.length >> 1]
      return lights.filter((light) => Math.abs(light - ground) > 100).length / lights.length
    })()`)
  } finally {
    await other.close()
  }
}
