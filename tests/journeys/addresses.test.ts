import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { STORY_LANGUAGES } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { linkIn } from '../support/mail-server.ts'
import {
  askToWithdraw,
  confirm,
  counted,
  form,
  get,
  mailedPath,
  pathOf,
  post,
  sign,
  signAndConfirm,
  signAndOpenMail,
} from '../support/signer.ts'

const PETITION = '/en/p/cop29-baku'
const ASK = `${PETITION}/withdraw`

describe('an address on its way to a mailbox', () => {
  const harness = useHarness()

  /** What a browser would send of the page when its button is pressed. */
  function fieldsOf(html: string) {
    const values: Record<string, string> = {}
    for (const [, name, value] of html.matchAll(/<input[^>]* name="(\w+)"[^>]* value="([^"]*)"/g)) {
      if (!/^(display|updates|consent|website)$/.test(name!)) values[name!] = value!
    }
    return values
  }

  it('with a slip in it is asked about once, nothing is lost, and either answer signs', async () => {
    const typed = {
      email: 'slip@gmial.com',
      name: 'Ann Lee',
      postcode: '10115',
      comment: 'Because.',
    }
    const asked = await sign(harness, typed)
    assert.equal(asked.status, 422)
    assert.equal(asked.headers.get('cache-control'), 'private, no-store')
    const page = await asked.text()
    assert.match(page, /Did you mean slip@gmail\.com\?/)
    for (const value of Object.values(typed)) assert.ok(page.includes(value), value)
    await harness.work()
    assert.equal(harness.mail.mails.length, 0, 'nothing goes out while the page asks')

    const kept = await sign(harness, { ...form(), ...fieldsOf(page) })
    assert.equal(kept.status, 303)
    const taken = await sign(harness, { ...form(), ...fieldsOf(page), address: 'slip@gmail.com' })
    assert.equal(taken.status, 303)
    const plain = await sign(harness, { email: 'plain@example.org' })
    for (const answer of [kept, taken]) {
      assert.equal(answer.headers.get('location'), plain.headers.get('location'))
    }
    await harness.work()
    assert.equal(harness.mail.allTo('slip@gmial.com').length, 1)
    assert.equal(harness.mail.allTo('slip@gmail.com').length, 1)
  })

  it('Enter in a field answers with what stands in the field, not with the suggestion', async () => {
    const page = await (await sign(harness, { email: 'enter@gmial.com' })).text()
    const [first] = page
      .slice(page.indexOf('id="sign-form"'))
      .match(/<button[^>]*type="submit"[^>]*>/)!
    assert.doesNotMatch(first, /name=/)
  })

  it('with a letter that only looks right is refused by name, in every language', async () => {
    for (const language of STORY_LANGUAGES) {
      const answer = await sign(harness, { email: 'ALI@GMAİL.COM' }, language)
      assert.equal(answer.status, 422)
      const page = await answer.text()
      assert.match(page, /id="error-email">.*[“«]İ[”»]/)
      assert.ok(page.includes('value="ALI@GMAİL.COM"'))
    }
    await harness.work()
    assert.ok(
      harness.mail.mails.every(
        ({ recipient }) => !/xn--|gma.l\.com/i.test(recipient) || /^slip/.test(recipient),
      ),
    )
  })

  it('with a dotless i in a word of its own is asked about once, and may stay', async () => {
    for (const [email, meant] of [
      ['ann@bakı.az', 'ann@baki.az'],
      ['ali.yılmaz@example.com.tr', 'ali.yilmaz@example.com.tr'],
    ] as const) {
      const page = await (await sign(harness, { email })).text()
      assert.ok(page.includes(`Did you mean ${meant}?`), email)
      assert.equal((await sign(harness, { ...form(), ...fieldsOf(page) })).status, 303)
      assert.equal((await sign(harness, { email, address: meant })).status, 303)
      const leaving = await (await post(harness, ASK, { email })).text()
      assert.ok(leaving.includes(`Did you mean ${meant}?`), email)
      assert.equal((await post(harness, ASK, fieldsOf(leaving))).status, 200)
      await harness.makeJobsDue()
      await harness.work()
      assert.deepEqual(
        [harness.mail.allTo(email).length, harness.mail.allTo(meant).length],
        [1, 1],
        email,
      )
    }
  })

  it('with a phone’s apostrophe in it is mailed with the plain one', async () => {
    assert.equal((await sign(harness, { email: 'o’brien@example.ie' })).status, 303)
    await harness.work()
    assert.equal(harness.mail.allTo("o'brien@example.ie").length, 1)
  })

  it('that was pasted with what nobody sees is mailed without it', async () => {
    await sign(harness, { email: '\u2068\ufeffpas\u200bted@example.org\u2069\t' })
    await harness.work()
    assert.equal(harness.mail.allTo('pasted@example.org').length, 1)
  })

  it('that has had dots in a row since before 2009 gets its mail and counts', async () => {
    const before = await counted(harness)
    for (const email of [
      'a..b@docomo.ne.jp',
      'taro.@ezweb.ne.jp',
      'hana.@au.com',
      'a..b@softbank.ne.jp',
    ]) {
      const [local, domain] = email.split('@')
      assert.equal((await sign(harness, { email })).status, 303)
      await harness.work()
      // RFC 5321, section 4.1.2: such a local part goes over the wire in quotes, and is the same.
      const [mail] = harness.mail.allTo(`"${local}"@${domain}`)
      assert.equal((await confirm(harness, pathOf(linkIn(mail!, 'confirm')))).status, 303)
    }
    await harness.tally()
    assert.equal(await counted(harness), before + 4)
    for (const email of ['a..b@example.org', 'ab.@gmail.com', '.ab@docomo.ne.jp']) {
      assert.equal((await sign(harness, { email })).status, 422, email)
    }
  })

  it('whose postcode or comment is of no use signs without it, and the next page says so', async () => {
    const answer = await sign(harness, { email: 'no-postcode@example.org', postcode: 'n/a' })
    assert.equal(answer.status, 303)
    const next = answer.headers.get('location')!
    assert.equal(next, `${PETITION}/check-your-email?without=postcode`)
    assert.match(await (await get(harness, next)).text(), /We could not read your postcode/)

    const typed = { email: 'no-comment@example.org', comment: 'To be read. '.repeat(60) }
    const asked = await sign(harness, typed)
    assert.equal(asked.status, 422)
    const page = await asked.text()
    assert.match(page, /Or send the form again as it is/)
    const again = await sign(harness, { ...typed, asked: fieldsOf(page).asked! })
    assert.equal(again.headers.get('location'), `${PETITION}/check-your-email?without=comment`)
    await harness.work()
    const link = mailedPath(harness, typed.email, 'confirm')
    assert.doesNotMatch(await (await get(harness, link)).text(), /To be read/)
    assert.equal((await get(harness, `${PETITION}/check-your-email?without=<b>`)).status, 200)
  })

  it('is asked about in the form that withdraws, too, and never kept from leaving', async () => {
    await signAndConfirm(harness, {
      email: 'leaves@gmial.com',
      asked: await askedOf('leaves@gmial.com'),
    })
    const asked = await post(harness, ASK, { email: 'leaves@gmial.com' })
    assert.equal(asked.status, 422)
    const page = await asked.text()
    assert.match(page, /Did you mean leaves@gmail\.com\?/)
    const before = harness.mail.allTo('leaves@gmial.com').length
    assert.equal((await post(harness, ASK, fieldsOf(page))).status, 200)
    await harness.makeJobsDue()
    await harness.work()
    assert.equal(harness.mail.allTo('leaves@gmial.com').length, before + 1)

    const odd = await post(harness, ASK, { email: 'ann@gmaıl.com' })
    assert.equal(odd.status, 422)
    const oddPage = await odd.text()
    assert.match(oddPage, /“ı”/)
    assert.equal((await post(harness, ASK, fieldsOf(oddPage))).status, 200)
    assert.equal((await askToWithdraw(harness, '\u200bnobody@example.org\ufeff')).status, 200)
    const turned = await post(harness, ASK, { email: '\u202egro.elpmaxe@nna' })
    assert.match(await turned.text(), /reverses the direction of the text/)
  })

  async function askedOf(email: string): Promise<string> {
    return fieldsOf(await (await sign(harness, { email })).text()).asked!
  }

  it('of a name that nobody can read is told the truth about the name', async () => {
    const page = await (await sign(harness, { email: 'x@example.org', name: '!!!' })).text()
    assert.match(page, /A name needs at least one letter/)
    const turned = await (
      await sign(harness, { email: 'x@example.org', name: 'Ann \u202eeeL' })
    ).text()
    assert.match(turned, /reverses the direction of the text/)
    await signAndOpenMail(harness, {
      email: 'joined@example.org',
      name: '\u2068Ann\u200b Lee\u2069',
    })
  })
})
