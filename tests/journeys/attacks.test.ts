import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { useHarness } from '../support/harness.ts'
import { linkIn } from '../support/mail-server.ts'
import {
  askToWithdraw,
  confirm,
  get,
  post,
  sign,
  signAndConfirm,
  signAndOpenMail,
} from '../support/signer.ts'

const PETITION = '/en/p/cop29-baku'

describe('somebody else who knows a signer’s address', () => {
  const harness = useHarness()

  it('can’t keep her from signing by entering a spelling that bounces', async () => {
    harness.mail.refuseWith(550, '5.1.1 No such mailbox here')
    await sign(harness, { email: 'victim+bounces@gmail.com' })
    await harness.work()
    harness.mail.refuseWith(null)
    assert.ok(await signAndOpenMail(harness, { email: 'victim@gmail.com' }))
  })

  it('can’t keep her from withdrawing by asking for a link in a spelling that bounces', async () => {
    const email = 'leaver@gmail.com'
    await signAndConfirm(harness, { email })
    harness.mail.refuseWith(550, '5.1.1 No such mailbox here')
    await askToWithdraw(harness, 'leaver+bounces@gmail.com')
    harness.mail.refuseWith(null)
    await askToWithdraw(harness, email)
    assert.ok(linkIn(harness.mail.lastTo(email), 'withdraw'))
  })

  it('can’t learn from a share code whether she signed', async () => {
    const thanks = await signAndConfirm(harness, { email: 'spy@example.org' })
    const ref = new URL(thanks, 'http://x').searchParams.get('s')!
    await sign(harness, { email: 'watched@example.org', ref })
    await signAndConfirm(harness, { email: 'watched@example.org', source: 'telegram' })
    const page = await (await get(harness, thanks)).text()
    assert.doesNotMatch(page, /signed through your link\./)
  })

  it('can’t put words into what she is about to confirm', async () => {
    const email = 'reader@example.org'
    const fields = { email, name: 'Own Name', display: 'name' }
    const link = await signAndOpenMail(harness, fields)
    await sign(harness, { ...fields, name: 'Words of Another' })
    assert.match(await (await get(harness, link)).text(), /Own Name/)
    assert.equal((await confirm(harness, link)).status, 303)
    const page = await (await get(harness, PETITION)).text()
    assert.match(page, /Own Name/)
    assert.doesNotMatch(page, /Words of Another/)
  })

  it('can’t make a confirm link into one that withdraws, or send it to another site', async () => {
    const link = await signAndOpenMail(harness, { email: 'linked@example.org' })
    await confirm(harness, link)
    const rejected = await confirm(harness, link, 'reject')
    assert.equal(rejected.headers.get('location'), `${PETITION}/withdraw`)
    const token = link.split('/').at(-1)!
    for (const path of [`/%2Fevil.example/withdraw/${token}`, `/a%0d%0aX/withdraw/${token}`]) {
      const answer = await post(harness, path, {})
      assert.equal(answer.status, 404)
      assert.equal(answer.headers.get('location'), null)
    }
  })

  it('finds no token in the log, however the address was spelled', async () => {
    const link = await signAndOpenMail(harness, { email: 'odd@example.org' })
    const token = link.split('/').at(-1)!
    for (const path of [
      `/%65n/confirm/${token}`,
      `/EN/confirm/${token}`,
      `//en/confirm/${token}`,
      `/en/CONFIRM/${token}`,
      `/en/x/${token}`,
      '/en/odd%40example.org',
    ]) {
      await get(harness, path)
    }
    const log = harness.logged.join('\n')
    assert.ok(!log.includes(token))
    assert.ok(!/odd(%40|@)example/.test(log))
  })
})
