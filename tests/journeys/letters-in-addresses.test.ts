import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createMailer } from '../../src/platform/mail/mailer.ts'
import { useHarness } from '../support/harness.ts'
import { startScriptedServer } from '../support/scripted-server.ts'
import { post, sign } from '../support/signer.ts'

const OTHER_LETTERS = [
  'ülkər@example.org',
  'анна@пример.рф',
  'anna.é@example.org',
  '用户@example.org',
]
const ASCII_BEFORE_THE_AT = ['ulker@example.org', 'anna@münchen.example', "o'neill+x@example.org"]

describe('an address with letters beyond ASCII before the “@”', () => {
  const harness = useHarness()

  const withdraw = (email: string) => post(harness, '/ru/p/cop29-baku/withdraw', { email })

  it('is taken by the forms while the mail server is not known to lack SMTPUTF8', async () => {
    for (const email of OTHER_LETTERS.slice(0, 1)) {
      assert.equal((await sign(harness, { email })).status, 303, email)
      assert.equal((await withdraw(email)).status, 200, email)
    }
    assert.equal(await harness.site.mailer.check(), null)
    assert.equal((await sign(harness, { email: OTHER_LETTERS[0]! })).status, 303)
  })

  it('is refused there, with a line that says why, where the mail server lacks it', async () => {
    const server = await startScriptedServer()
    harness.site.mailer.close()
    const { config, clock, logger } = harness.site
    const options = { from: config.mailFrom, helo: null, clock, logger }
    // In place: pages hold the mailer, not the site.
    Object.assign(harness.site.mailer, createMailer({ url: server.url, ...options }))
    assert.equal(await harness.site.mailer.check(), null)
    try {
      for (const email of OTHER_LETTERS) {
        const answer = await sign(harness, { email, name: 'Kept As Typed' })
        assert.equal(answer.status, 422, email)
        const page = await answer.text()
        assert.match(page, /cannot write to an address with letters other than a–z before the @/)
        assert.match(page, /Kept As Typed/)
        const asked = await withdraw(email)
        assert.equal(asked.status, 422, email)
        assert.match(await asked.text(), /кроме латинских a–z/)
      }
      for (const email of ASCII_BEFORE_THE_AT) {
        assert.equal((await sign(harness, { email })).status, 303, email)
        assert.equal((await withdraw(email)).status, 200, email)
      }
    } finally {
      harness.site.mailer.close()
      await server.close()
    }
  })
})
