import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { HOUR } from '../../src/platform/clock.ts'
import { readToken } from '../../src/platform/link-token.ts'
import { useFreshHarness } from '../support/harness.ts'
import {
  askToWithdraw,
  confirm,
  counted,
  get,
  sign,
  signAndConfirm,
  signAndOpenMail,
} from '../support/signer.ts'

describe('a form that somebody else sends', () => {
  const harness = useFreshHarness()

  const idOf = (link: string) =>
    readToken(harness.site.keyring, 'confirm', link.split('/').at(-1)!)!.id

  it('with a mailbox that only looks like another’s shows, changes and withdraws nothing of the other', async () => {
    const victim = { email: 'ivan.petrov@yandex.ru', name: 'Ivan Petrov', postcode: 'AZ1000' }
    await signAndConfirm(harness, { ...victim, comment: 'A reason of my own' })
    const link = await signAndOpenMail(harness, { email: 'ivanpetrov@yandex.ru', name: 'Vanya' })
    const page = await (await get(harness, link)).text()
    for (const text of Object.values(victim)) assert.ok(!page.includes(text), text)
    assert.match(page, /Confirm your signature/)
    await askToWithdraw(harness, 'ivanpetrov@yandex.ru')
    assert.equal(harness.mail.allTo('ivanpetrov@yandex.ru').length, 1, 'no link to withdraw')
    await confirm(harness, link)
    await harness.tally()
    assert.equal(await counted(harness), 2, 'two people')
  })

  it('never keeps the owner of the address from confirming, however often it is sent', async () => {
    const email = 'wanted@example.org'
    const link = await signAndOpenMail(harness, { email, name: 'The Owner' })
    for (let time = 0; time < 14; time++) {
      harness.clock.move(1000)
      await sign(harness, { email, name: `Stranger ${time}` })
      await harness.makeJobsDue()
      await harness.work()
      assert.match(await (await get(harness, link)).text(), /The Owner/)
    }
    const answer = await confirm(harness, link)
    assert.equal(answer.status, 303)
    assert.match(answer.headers.get('location')!, /thanks/)
  })

  it('makes nothing of a waiting form more public, more private, or somebody else’s credit', async () => {
    const email = 'chosen@example.org'
    const fields = { email, name: 'Chosen Name', display: 'name', source: 'poster' }
    const link = await signAndOpenMail(harness, fields)
    await sign(harness, { email, name: 'Other Name', display: 'hidden', source: 'other' })
    await confirm(harness, link)
    const { db } = harness.site
    const names = await db.selectFrom('public_name').select('name').execute()
    assert.deepEqual(names, [{ name: 'Chosen Name' }])
    const [signature] = await db.selectFrom('signature').select('source').execute()
    assert.equal(signature!.source, 'poster')
  })

  it('rejected, leaves alone what the owner has confirmed and what else waits', async () => {
    const email = 'both@example.org'
    const own = await signAndOpenMail(harness, { email, name: 'The Owner' })
    const strange = await signAndOpenMail(harness, { email, name: 'A Stranger' })
    assert.equal((await confirm(harness, strange, 'reject')).headers.get('location'), '/en/removed')
    assert.equal((await get(harness, strange)).status, 410)
    await confirm(harness, own)
    await harness.tally()
    assert.equal(await counted(harness), 1)
  })

  it('has an id that tells neither how many forms there are nor when it came', async () => {
    const ids: string[] = []
    for (const nth of [1, 2, 3]) {
      ids.push(idOf(await signAndOpenMail(harness, { email: `nth-${nth}@example.org` })))
    }
    const bits = ids.map((id) => id.replaceAll('-', ''))
    for (const [nth, id] of bits.entries()) {
      assert.match(id, /^[0-9a-f]{32}$/)
      for (const other of bits.slice(nth + 1)) {
        const alike = [...id].filter((digit, place) => digit === other[place]).length
        assert.ok(alike < 16, `${id} ${other}`)
      }
    }
  })

  it('leaves only the newest ten of one address to wait', async () => {
    const { db } = harness.site
    await sign(harness, { email: 'somebody-else@example.org' })
    for (let time = 0; time < 14; time++) {
      await sign(harness, { email: 'flooded@example.org', name: `Number ${time}` })
      harness.clock.move(1000)
    }
    await harness.work()
    for (let time = 0; time < 3; time++) {
      await harness.makeJobsDue()
      await harness.work()
    }
    const left = await db.selectFrom('submission').select('mailed_at').execute()
    assert.equal(left.filter(({ mailed_at }) => mailed_at === null).length, 10)
    assert.equal(left.length, 13, 'what was mailed stays')
    assert.equal(harness.mail.allTo('somebody-else@example.org').length, 1)
  })
})

describe('a mailbox that has signed and sends another form', () => {
  const harness = useFreshHarness()
  const shown = () => harness.site.db.selectFrom('public_name').select('name').execute()

  it('learns that it has signed, and may have the page show something else', async () => {
    const email = 'leyla@gmail.com'
    await signAndConfirm(harness, { email, name: 'Leyla Yunus', display: 'hidden' })
    const fields = { email: 'ley.la@gmail.com', name: 'Leyla Yunus', display: 'name' }
    const link = await signAndOpenMail(harness, { ...fields, comment: 'For my friends' })
    const page = await (await get(harness, link)).text()
    assert.match(page, /You have already signed/)
    assert.match(page, /value="replace"/)
    const pressed = await confirm(harness, link)
    assert.equal(pressed.headers.get('location'), link, 'the same page, whatever was pressed')
    assert.deepEqual(await shown(), [])

    const answer = await confirm(harness, link, 'replace')
    assert.equal(answer.headers.get('location'), '/en/p/cop29-baku/replaced')
    assert.equal((await get(harness, answer.headers.get('location')!)).status, 200)
    assert.deepEqual(await shown(), [{ name: 'Leyla Yunus' }])
    const comments = await harness.site.db.selectFrom('comment').select('state').execute()
    assert.deepEqual(comments, [{ state: 'waiting' }])
    await harness.tally()
    assert.equal(await counted(harness), 1)
    assert.equal((await get(harness, link)).status, 410, 'the form is erased')
    assert.equal((await confirm(harness, link, 'replace')).status, 410)
  })

  it('is on the list for updates exactly if the form that it chose says so', async () => {
    const email = 'updated@example.org'
    await signAndConfirm(harness, { email, updates: 'yes' })
    // The mail that says how to leave the list.
    await harness.work()
    const listed = async () =>
      (await harness.site.db.selectFrom('subscriber').select('id').execute()).length
    assert.equal(await listed(), 1)
    await confirm(harness, await signAndOpenMail(harness, { email }), 'replace')
    assert.equal(await listed(), 0)
    harness.clock.move(HOUR)
    await confirm(harness, await signAndOpenMail(harness, { email, updates: 'yes' }), 'replace')
    assert.equal(await listed(), 1)
  })

  it('may leave everything as it is', async () => {
    const email = 'stays@example.org'
    await signAndConfirm(harness, { email, name: 'Stays Shown', display: 'name' })
    const link = await signAndOpenMail(harness, { email, display: 'hidden' })
    assert.equal((await confirm(harness, link, 'reject')).headers.get('location'), '/en/removed')
    assert.deepEqual(await shown(), [{ name: 'Stays Shown' }])
  })

  it('can’t replace anything by a link of a form that has not been confirmed by anyone', async () => {
    const link = await signAndOpenMail(harness, { email: 'first@example.org', display: 'name' })
    assert.equal((await confirm(harness, link, 'replace')).status, 410)
    assert.deepEqual(await shown(), [])
    assert.equal((await get(harness, link)).status, 200, 'it still waits')
  })
})
