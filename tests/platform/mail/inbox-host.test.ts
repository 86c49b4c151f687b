import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sendBy } from '../../support/mailer.ts'
import { askAs, othersHosts } from '../../support/raw-http.ts'
import { withInbox } from '../../support/with-inbox.ts'

it('the inbox shows no mail to a page of another site whose name points to this machine', async () => {
  await withInbox(async (catcher, mailer) => {
    const link = 'http://127.0.0.1/en/confirm/secret'
    const mail = { to: 'a@example.org', subject: 'secret', text: link, html: '', headers: {} }
    assert.equal((await sendBy(mailer, mail)).outcome, 'accepted')
    const { port } = new URL(catcher.inboxUrl)
    for (const path of ['/', '/mail/1', '/newest', '/mail/2']) {
      for (const host of othersHosts(port)) {
        const { status, body } = await askAs(host, catcher.inboxUrl + path)
        assert.equal(status, 421, `${host} ${path}`)
        assert.doesNotMatch(body, /secret|example\.org/)
      }
    }
    const seen = await askAs(`localhost:${port}`, `${catcher.inboxUrl}/mail/1`)
    assert.match(seen.body, /secret/)
  })
})
