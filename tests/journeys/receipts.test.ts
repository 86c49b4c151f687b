import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { verifyEd25519 } from '../../src/log/core/note/node-ed25519.ts'
import { parseVkey } from '../../src/log/core/note/note-key.ts'
import { verifyReceipt } from '../../src/log/core/verify-receipt.ts'
import { DEMO } from '../support/demo.ts'
import { useFreshHarness } from '../support/harness.ts'
import { readPublicLog } from '../support/public-log.ts'
import { confirm, get, post, signAndConfirm, signAndOpenMail, withdraw } from '../support/signer.ts'

describe('a signer’s receipt', () => {
  const harness = useFreshHarness()

  const trust = async () => {
    const { vkey } = await readPublicLog(harness)
    return { logKeys: [parseVkey(vkey)], witnessKeys: [], verify: verifyEd25519 }
  }

  /** Opens the link of the mail again, once it is confirmed. */
  async function signaturePage(link: string): Promise<{ path: string; html: string }> {
    const answer = await get(harness, link)
    assert.equal(answer.status, 303)
    const path = answer.headers.get('location')!
    assert.match(path, /^\/en\/signature\/[\w-]{54}$/)
    const page = await get(harness, path)
    assert.equal(page.headers.get('cache-control'), 'private, no-store')
    return { path, html: await page.text() }
  }

  it('waits behind the link of the mail until the entry is in the log, then proves it', async () => {
    const link = await signAndOpenMail(harness)
    await confirm(harness, link)
    const early = await signaturePage(link)
    assert.match(early.html, /joins the public log with the next batch/)
    assert.doesNotMatch(early.html, /\/receipt"/)
    const tooEarly = await get(harness, `${early.path}/receipt`)
    assert.equal(tooEarly.headers.get('location'), early.path)

    await harness.sequence()
    const { path, html } = await signaturePage(link)
    assert.match(html, /is counted in the public log/)
    const answer = await get(harness, `${path}/receipt`)
    assert.equal(
      answer.headers.get('content-disposition'),
      `attachment; filename="receipt-${DEMO}-5.tlog-proof"`,
    )
    assert.equal(answer.headers.get('cache-control'), 'private, no-store')
    const receipt = Buffer.from(await answer.arrayBuffer())
    const verified = await verifyReceipt(receipt, await trust())
    assert.ok(verified.ok)
    assert.equal(verified.index, 5)
    assert.equal(verified.entry.kind === 'sign' && verified.entry.slug, DEMO)
    assert.doesNotMatch(receipt.toString(), /leyla|yunus/i)
  })

  it('has a private part for a signer who asks for it while confirming, and it opens the entry', async () => {
    const link = await signAndOpenMail(harness, { name: 'Ləyla Yunus', email: 'Leyla+x@gmail.com' })
    const page = await (await get(harness, link)).text()
    assert.match(page, /<input id="field-opening" type="checkbox" name="opening" value="yes"/)
    assert.doesNotMatch(page, /name="opening"[^>]*checked/)
    const answer = await post(harness, link, { decision: 'confirm', opening: 'yes' })
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('cache-control'), 'private, no-store')
    const opening = unescaped((await answer.text()).match(/<textarea[^>]*>([^<]+)</)![1]!)
    await harness.sequence()
    const { path } = await signaturePage(link)
    const receipt = Buffer.from(await (await get(harness, `${path}/receipt`)).arrayBuffer())
    const verified = await verifyReceipt(receipt, await trust(), Buffer.from(opening))
    assert.ok(verified.ok)
    assert.equal(verified.opening?.fields.name, 'Ləyla Yunus')
    assert.equal(verified.opening?.fields.normalisedEmail, 'leyla@gmail.com')
    assert.doesNotMatch(harness.logged.join(''), /undersigned-opening|Leyla/)
  })

  it('has no private part for who asks a second time', async () => {
    const link = await signAndOpenMail(harness)
    await confirm(harness, link)
    const answer = await post(harness, link, { decision: 'confirm', opening: 'yes' })
    const html = await answer.text()
    assert.match(html, /is no longer available/)
    assert.doesNotMatch(html, /undersigned-opening/)
  })

  it('is gone with the signature, and says so', async () => {
    const link = await signAndOpenMail(harness)
    await confirm(harness, link)
    await harness.sequence()
    const { path } = await signaturePage(link)
    await withdraw(harness, 'leyla@example.org')
    assert.match(await (await get(harness, path)).text(), /This signature is withdrawn/)
    assert.equal((await get(harness, `${path}/receipt`)).status, 302)
  })

  it('is nobody else’s: a link that was made up opens nothing, and logs keep no token', async () => {
    await signAndConfirm(harness)
    const link = await signAndOpenMail(harness, { email: 'other@example.org' })
    const confirmToken = link.split('/').at(-1)!
    assert.equal((await get(harness, `/en/signature/${confirmToken}`)).status, 404)
    await confirm(harness, link)
    const { path } = await signaturePage(link)
    assert.doesNotMatch(harness.logged.join(''), new RegExp(path.split('/').at(-1)!))
  })
})

function unescaped(html: string): string {
  const names: Record<string, string> = { quot: '"', amp: '&', lt: '<', gt: '>' }
  return html.replace(/&(?:#x([0-9A-F]+)|(\w+));/gi, (_, code: string, name: string) =>
    code ? String.fromCodePoint(Number.parseInt(code, 16)) : names[name]!,
  )
}
