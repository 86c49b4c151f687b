import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { useHarness } from '../support/harness.ts'
import { linkIn } from '../support/mail-server.ts'
import {
  confirm,
  counted,
  form,
  get,
  pathOf,
  sign,
  signAndConfirm,
  signAndOpenMail,
} from '../support/signer.ts'

describe('signing', () => {
  const harness = useHarness()

  async function trapped(): Promise<number> {
    const metrics = await (await get(harness, '/metrics')).text()
    return Number(/^undersigned_forms_total\{outcome="trapped"\} (\d+)$/m.exec(metrics)![1])
  }

  it('a new signer counts once the mailed link is opened and Confirm is pressed', async () => {
    const before = await counted(harness)
    const thanks = await signAndConfirm(harness, { email: 'new@example.org' })
    assert.match(thanks, /^\/en\/p\/cop29-baku\/thanks\?s=[A-Za-z0-9_-]{16}&k=[A-Za-z0-9_-]{22}$/)
    assert.equal(await counted(harness), before + 1)
    const page = await (await get(harness, thanks)).text()
    assert.match(page, /Your signature counts/)
  })

  it('the first link in the mail is the one to confirm, in its text and in its HTML', async () => {
    const email = 'looks-for-the-link@example.org'
    await signAndOpenMail(harness, { email })
    const [mail] = harness.mail.allTo(email)
    for (const body of [mail!.text!, String(mail!.html)]) {
      const links = body.match(/https?:[^\s"<]+/g)!
      assert.match(links[0]!, /\/en\/confirm\//)
      assert.match(links.at(-1)!, /\/en\/p\/cop29-baku$/)
    }
  })

  it('nothing counts before the confirmation', async () => {
    const before = await counted(harness)
    await signAndOpenMail(harness, { email: 'only-signed@example.org' })
    await harness.tally()
    assert.equal(await counted(harness), before)
  })

  it('a signer whose mail was lost sends the form again and gets another at once', async () => {
    const email = 'again@example.org'
    const first = await signAndOpenMail(harness, { email, name: 'First Try' })
    const second = await signAndOpenMail(harness, { email, name: 'Second Try' })
    assert.notEqual(first, second)
    assert.match(await (await get(harness, first)).text(), /First Try/)
    assert.match(await (await get(harness, second)).text(), /Second Try/)
  })

  it('a confirmed address gets the same answer and the same mail as any other, and counts once', async () => {
    const email = 'confirmed@example.org'
    const fresh = await sign(harness, { email: 'stranger@example.org' })
    await signAndConfirm(harness, { email })
    const before = await counted(harness)
    const repeated = await sign(harness, { email })
    assert.equal(repeated.status, fresh.status)
    assert.equal(repeated.headers.get('location'), fresh.headers.get('location'))
    await harness.work()
    const [one, two] = [
      harness.mail.allTo('stranger@example.org').at(-1)!,
      harness.mail.allTo(email).at(-1)!,
    ]
    const neutral = (text: string) => text.replace(/confirm\/\S+/g, 'confirm/…')
    assert.equal(neutral(two.text!), neutral(one.text!))
    assert.equal((await confirm(harness, pathOf(linkIn(two, 'confirm')))).status, 303)
    await harness.tally()
    assert.equal(await counted(harness), before)
  })

  it('another spelling of the same mailbox is the same signer', async () => {
    await signAndConfirm(harness, { email: 'Maria.Kolesnikova@gmail.com' })
    const before = await counted(harness)
    const email = 'mariakolesnikova+petition@googlemail.com'
    const link = await signAndOpenMail(harness, { email })
    await confirm(harness, link)
    await harness.tally()
    assert.equal(await counted(harness), before)
    assert.match(await (await get(harness, link)).text(), /You have already signed/)
  })

  it('mail goes to the address as it was typed, not to its normalised form', async () => {
    await signAndOpenMail(harness, { email: 'Some.One+cop29@gmail.com' })
    assert.equal(harness.mail.allTo('Some.One+cop29@gmail.com').length, 1)
  })

  it('a signer chooses what the page shows: nothing, initials or the name', async () => {
    await signAndConfirm(harness, {
      email: 'h@example.org',
      name: 'Hidden Person',
      display: 'hidden',
    })
    await signAndConfirm(harness, {
      email: 'i@example.org',
      name: 'Əli Məmmədov',
      display: 'initials',
    })
    await signAndConfirm(harness, {
      email: 'n@example.org',
      name: 'Марыя Іванова',
      display: 'name',
    })
    const page = await (await get(harness, '/en/p/cop29-baku')).text()
    assert.doesNotMatch(page, /Hidden Person|Əli/)
    assert.match(page, /Ə\. M\./)
    assert.match(page, /Марыя Іванова/)
  })

  for (const trap of ['subject', 'website']) {
    it(`a form with its hidden field ${trap} filled in is shown again, whole, and counted as such`, async () => {
      const before = await trapped()
      const fields = {
        email: `${trap}@example.org`,
        name: 'Ann Lee',
        country: 'FR',
        comment: 'Because.',
        postcode: '75001',
        display: 'name',
        ref: 'abcdefgh',
      }
      const answer = await sign(harness, { ...fields, [trap]: 'http://filled.example' })
      assert.equal(answer.status, 422)
      const page = await answer.text()
      assert.match(page, /<li>A hidden field was filled in/)
      assert.doesNotMatch(page, /filled\.example|class="error"/)
      assert.match(page, /name="subject"[^>]*disabled>/, 'what fills it in may do so again')
      for (const value of Object.values(fields)) assert.match(page, new RegExp(`[">\n]${value}`))
      assert.match(page, /value="FR" selected/)
      assert.match(page, /value="name"[^>]* checked/)
      assert.match(page, /name="consent"[^>]* checked/)
      await harness.work()
      assert.equal(harness.mail.allTo(fields.email).length, 0)
      assert.equal(await trapped(), before + 1)
      assert.equal((await sign(harness, fields)).status, 303, 'as the page now sends it')
    })
  }

  it('a trapped form with mistakes says both at once, in its language', async () => {
    const answer = await sign(harness, { email: 'none', subject: 'x' }, 'be')
    const page = await answer.text()
    assert.match(page, /href="#field-email"/)
    assert.match(page, /Запоўнена схаванае поле/)
  })

  it('a hidden field that is doubled, blank or only named is empty', async () => {
    const email = 'doubled@example.org'
    for (const empty of [
      '&website=&website=',
      '&subject=&subject=&subject=',
      '&website',
      '&subject=+%09',
    ]) {
      const answer = await fetch(`${harness.origin}/en/p/cop29-baku/signatures`, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `${new URLSearchParams(form({ email }))}${empty}`,
      })
      assert.equal(answer.status, 303, empty)
    }
    const answer = await fetch(`${harness.origin}/en/p/cop29-baku/signatures`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `${new URLSearchParams(form({ email }))}&subject=&subject=x`,
    })
    assert.equal(answer.status, 422)
  })

  it('a hidden field that holds no text is empty, and one among others that does is not', async () => {
    const send = async (subject: unknown, email: string) => {
      const answer = await fetch(`${harness.origin}/en/p/cop29-baku/signatures`, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...form({ email }), subject }),
      })
      return answer.status
    }
    for (const [n, empty] of [
      7,
      true,
      null,
      {},
      { toString: 1 },
      [[['x']]],
      [null, ''],
    ].entries()) {
      assert.equal(await send(empty, `no-text-${n}@example.org`), 303, JSON.stringify(empty))
    }
    for (const filled of ['x', ['x'], [{ valueOf: 1 }, 'x'], ['', 7, ' x ']]) {
      assert.equal(await send(filled, 'text@example.org'), 422, JSON.stringify(filled))
    }
  })

  it('the mail is neutral, in the signer’s language, automatic, and loads nothing', async () => {
    await signAndOpenMail(harness, { email: 'ru@example.org' }, 'ru')
    const mail = harness.mail.lastTo('ru@example.org')
    assert.doesNotMatch(String(mail.subject), /COP|Баку|Алиев|Undersigned/i)
    assert.equal(mail.headers.get('auto-submitted'), 'auto-generated')
    assert.ok(mail.headers.get('list'), 'List-Id')
    assert.match(mail.text!, /[а-я]{4,}/)
    const html = mail.html || ''
    assert.doesNotMatch(html, /<img|<link|src=|@import|url\(/i)
    assert.doesNotMatch(linkIn(mail, 'confirm'), /[?#]/)
    assert.match(pathOf(linkIn(mail, 'confirm')), /^\/ru\/confirm\//)
  })
})
