import assert from 'node:assert/strict'
import { it } from 'node:test'
import { systemClock } from '../../src/platform/clock.ts'
import { startCatcher } from '../../src/platform/mail/catcher/start-catcher.ts'
import { createMailer } from '../../src/platform/mail/mailer.ts'
import { withPage } from '../support/browser.ts'

it('the inbox shows new mail by itself', async () => {
  const catcher = await startCatcher({ inboxPort: 0 })
  const mailer = createMailer({
    url: catcher.smtpUrl,
    from: { name: 'Undersigned', address: 'site@example.org' },
    helo: null,
    clock: systemClock,
    log: { warn() {} },
  })
  try {
    await withPage({}, async (page) => {
      await page.goto(catcher.inboxUrl)
      await page.getByText('No mail yet.').waitFor()
      for (const subject of ['The first', 'The second']) {
        const mail = { to: 'reader@example.org', subject, text: 'Text', html: '<p>HTML</p>' }
        const { outcome } = await mailer.send({ ...mail, headers: {} })
        assert.equal(outcome, 'accepted')
        await page.getByRole('link', { name: subject }).waitFor()
      }
      assert.equal(await page.getByRole('listitem').count(), 2)
    })
  } finally {
    mailer.close()
    await catcher.close()
  }
})
