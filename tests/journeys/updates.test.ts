import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { getDemo } from '../support/demo.ts'
import { useFreshHarness } from '../support/harness.ts'
import { linkIn } from '../support/mail-server.ts'
import { get, pathOf, post, sign, signAndConfirm, withdraw } from '../support/signer.ts'

const EMAIL = 'reader@example.org'

describe('updates by mail', () => {
  const harness = useFreshHarness()

  const subscribers = () => harness.site.db.selectFrom('subscriber').selectAll().execute()

  async function subscribe(language = 'en') {
    await signAndConfirm(harness, { email: EMAIL, updates: 'yes' }, language)
    await harness.seal()
    await harness.work()
    const mail = harness.mail.lastTo(EMAIL)
    return { mail, link: pathOf(linkIn(mail, 'unsubscribe')) }
  }

  it('are not asked for unless the box is ticked, and it never is beforehand', async () => {
    const page = await (await get(harness, '/en/p/cop29-baku')).text()
    assert.match(page, /id="field-updates" name="updates" value="yes"(?! checked)/)
    assert.match(
      page,
      /As a rule at most 3 e-mails a week\. Your address is then less protected than your signature\./,
    )
    await signAndConfirm(harness, { email: EMAIL })
    await harness.work()
    assert.deepEqual(await subscribers(), [])
    assert.equal(harness.mail.allTo(EMAIL).length, 1)
  })

  it('put nobody on the list who has not confirmed', async () => {
    await sign(harness, { email: EMAIL, updates: 'yes' })
    await harness.work()
    assert.deepEqual(await subscribers(), [])
  })

  it('begin with one mail that says how to leave, for people and for mail programs', async () => {
    const { mail, link } = await subscribe('ru')
    assert.match(link, /^\/ru\/unsubscribe\//)
    const header = (name: string) =>
      mail.headerLines
        .find(({ key }) => key === name.toLowerCase())!
        .line.split(/: */)
        .slice(1)
        .join(': ')
    assert.match(header('List-Unsubscribe').replace(/\s/g, ''), new RegExp(`^<.*${link}>$`))
    assert.equal(header('List-Unsubscribe-Post').trim(), 'List-Unsubscribe=One-Click')
    const sent = harness.mail.allTo(EMAIL).length
    await harness.makeJobsDue()
    await harness.work()
    assert.equal(harness.mail.allTo(EMAIL).length, sent)
  })

  it('keep an address that the database alone neither shows nor ties to a signature', async () => {
    await subscribe()
    const [row] = await subscribers()
    const signature = await harness.site.db
      .selectFrom('signature')
      .select('tag')
      .executeTakeFirstOrThrow()
    assert.ok(!row!.address.includes('reader'))
    assert.notDeepEqual(row!.tag, signature.tag)
  })

  it('a scanner that follows the link stops nothing; the button does, and the signature stays', async () => {
    const { link } = await subscribe()
    assert.equal((await get(harness, link)).status, 200)
    assert.equal((await get(harness, link)).status, 200)
    assert.equal((await subscribers()).length, 1)
    const answer = await post(harness, link, {})
    assert.equal(answer.status, 200)
    assert.match(await answer.text(), /You have left the list/)
    assert.deepEqual(await subscribers(), [])
    assert.equal((await post(harness, link, {})).status, 200, 'again')
    const { state } = await harness.site.db
      .selectFrom('signature')
      .select('state')
      .executeTakeFirstOrThrow()
    assert.equal(state, 'confirmed')
  })

  it('a mail program’s one click does it in either encoding, from anywhere, without a redirect', async () => {
    const bodies = [
      new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
      (() => {
        const form = new FormData()
        form.append('List-Unsubscribe', 'One-Click')
        return form
      })(),
    ]
    for (const body of bodies) {
      const { link } = await subscribe()
      const headers = { origin: 'https://mail.example' }
      const url = `${harness.origin}${link}`
      const answer = await fetch(url, { method: 'POST', body, headers, redirect: 'manual' })
      assert.equal(answer.status, 200)
      assert.deepEqual(await subscribers(), [])
      await harness.site.db.deleteFrom('sealed_record').execute()
      await harness.site.db.deleteFrom('signature').execute()
    }
  })

  it('a link that was tampered with says nothing and stops nothing', async () => {
    const { link } = await subscribe()
    const wrong = link.slice(0, -2) + (link.endsWith('AA') ? 'BB' : 'AA')
    assert.equal((await post(harness, wrong, {})).status, 404)
    assert.equal((await subscribers()).length, 1)
  })

  it('withdrawing the signature takes the address off the list, too', async () => {
    await subscribe()
    await withdraw(harness, EMAIL)
    assert.deepEqual(await subscribers(), [])
  })

  it('a petition can do without: no box, and nobody is put on a list', async () => {
    const petition = await getDemo(harness)
    const settings = JSON.stringify({ ...petition.settings, updates: false })
    await harness.site.db.updateTable('petition').set({ settings }).execute()
    assert.doesNotMatch(await (await get(harness, '/en/p/cop29-baku')).text(), /field-updates/)
    await signAndConfirm(harness, { email: EMAIL, updates: 'yes' })
    await harness.work()
    assert.deepEqual(await subscribers(), [])
  })
})
