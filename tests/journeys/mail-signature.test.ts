import assert from 'node:assert/strict'
import { it } from 'node:test'
import { DAY } from '../../src/platform/clock.ts'
import { remindPending } from '../../src/signature/remind-or-erase.ts'
import { STORY_LANGUAGES } from '../support/demo.ts'
import { startHarness } from '../support/harness.ts'
import { askToWithdraw, signAndConfirm, signAndOpenMail } from '../support/signer.ts'

it('every mail has its footer below the line by which mail programs know it, as it arrives', async () => {
  const harness = await startHarness()
  try {
    for (const language of STORY_LANGUAGES) {
      const email = `${language}@example.org`
      await signAndConfirm(harness, { email, updates: 'yes' }, language)
      await askToWithdraw(harness, email, language)
      await signAndOpenMail(harness, { email: `late-${email}` }, language)
    }
    harness.clock.move(3 * DAY)
    await remindPending(harness.site.db, harness.clock)
    await harness.work()
    const mails = harness.mail.mails
    assert.equal(mails.length, 4 * 5)
    assert.equal(
      new Set(mails.map(({ subject }) => subject)).size,
      4 * 4,
      'every kind in each language',
    )
    for (const { text = '', subject } of mails) {
      const [, footer, ...more] = text.split('\n-- \n')
      assert.match(footer ?? '', /petitions\.test/, subject)
      assert.equal(more.length, 0)
      assert.doesNotMatch(text, /^--$/m)
    }
  } finally {
    await harness.close()
  }
})
