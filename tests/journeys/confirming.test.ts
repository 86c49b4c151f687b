import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY, HOUR } from '../../src/platform/clock.ts'
import { eraseUnconfirmed, remindPending } from '../../src/signature/remind-or-erase.ts'
import { STORY_LANGUAGES } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import {
  confirm,
  counted,
  get,
  pathOf,
  post,
  sign,
  signAndConfirm,
  signAndOpenMail,
} from '../support/signer.ts'

describe('confirming', () => {
  const harness = useHarness()

  const rows = () => harness.site.db.selectFrom('signature').select(['id', 'state']).execute()

  it('a mail scanner that follows the link, however often, confirms nothing', async () => {
    const link = await signAndOpenMail(harness, { email: 'scanned@example.org' })
    const before = await counted(harness)
    for (let visit = 0; visit < 5; visit++) {
      assert.equal((await get(harness, link)).status, 200)
      const head = await fetch(`${harness.origin}${link}`, { method: 'HEAD' })
      assert.equal(head.status, 200)
    }
    await harness.tally()
    assert.equal(await counted(harness), before)
    const page = await (await get(harness, link)).text()
    assert.doesNotMatch(page, /http-equiv=.?refresh|\.submit\(\)|<script(?![^>]*src=)/i)
  })

  it('the link’s page shows what will be confirmed and is kept by nobody', async () => {
    const fields = { name: 'Зарына Б.', email: 'shown@example.org', comment: 'Дзеля свабоды' }
    const answer = await get(harness, await signAndOpenMail(harness, fields, 'be'))
    assert.equal(answer.headers.get('cache-control'), 'private, no-store')
    const page = await answer.text()
    for (const text of Object.values(fields)) assert.ok(page.includes(text), text)
    assert.match(page, /noindex/)
  })

  it('fifty confirmations at the same moment count once', async () => {
    const link = await signAndOpenMail(harness, { email: 'fifty@example.org' })
    const before = await counted(harness)
    const answers = await Promise.all(Array.from({ length: 50 }, () => confirm(harness, link)))
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([303]))
    assert.equal(new Set(answers.map((answer) => answer.headers.get('location'))).size, 1)
    await harness.tally()
    assert.equal(await counted(harness), before + 1)
  })

  it('a confirmed signer who opens the link again sees what became of the signature', async () => {
    const link = await signAndOpenMail(harness, { email: 'twice@example.org' })
    await confirm(harness, link)
    const again = await get(harness, link)
    assert.equal(again.status, 303)
    assert.match(again.headers.get('location')!, /^\/en\/signature\/[\w-]+$/)
  })

  it('“it wasn’t me” erases the signature whole, and the address may sign later', async () => {
    const email = 'not-me@example.org'
    const before = await rows()
    const link = await signAndOpenMail(harness, { email })
    const answer = await confirm(harness, link, 'reject')
    assert.equal(answer.status, 303)
    assert.equal(answer.headers.get('location'), '/en/removed')
    assert.equal((await get(harness, '/en/removed')).status, 200)
    assert.deepEqual(await rows(), before)
    assert.equal((await confirm(harness, link)).status, 410)
    assert.equal((await get(harness, link)).status, 410)
    assert.match(await signAndConfirm(harness, { email }), /thanks/)
  })

  it('rejecting what is confirmed leads to withdrawing it, and changes nothing by itself', async () => {
    const link = await signAndOpenMail(harness, { email: 'late-no@example.org' })
    await confirm(harness, link)
    await harness.tally()
    const before = await counted(harness)
    const answer = await confirm(harness, link, 'reject')
    assert.equal(answer.headers.get('location'), '/en/p/cop29-baku/withdraw')
    await harness.tally()
    assert.equal(await counted(harness), before)
  })

  it('a decision is needed, and only the two that there are', async () => {
    const link = await signAndOpenMail(harness, { email: 'undecided@example.org' })
    const before = await counted(harness)
    assert.equal((await post(harness, link, {})).status, 400)
    assert.equal((await post(harness, link, { decision: 'maybe' })).status, 400)
    await harness.tally()
    assert.equal(await counted(harness), before)
  })

  it('a token that was altered, or made for another purpose, opens nothing', async () => {
    const link = await signAndOpenMail(harness, { email: 'token@example.org' })
    const token = link.split('/').at(-1)!
    const altered = `${token.slice(0, 10)}${token[10] === 'A' ? 'B' : 'A'}${token.slice(11)}`
    assert.equal((await get(harness, `/en/confirm/${altered}`)).status, 404)
    assert.equal((await confirm(harness, `/en/confirm/${altered}`)).status, 404)
    assert.equal((await get(harness, `/en/withdraw/${token}`)).status, 404)
    assert.equal((await post(harness, `/en/withdraw/${token}`, {})).status, 404)
  })

  it('one reminder goes out after two days, and no second', async () => {
    const email = 'forgetful@example.org'
    await signAndOpenMail(harness, { email })
    const { db } = harness.site
    harness.clock.move(47 * HOUR)
    await remindPending(db, harness.clock)
    await harness.work()
    assert.equal(harness.mail.allTo(email).length, 1)
    harness.clock.move(2 * HOUR)
    await remindPending(db, harness.clock)
    await harness.work()
    assert.equal(harness.mail.allTo(email).length, 2)
    assert.match(harness.mail.lastTo(email).subject!, /Reminder/)
    harness.clock.move(5 * DAY)
    await remindPending(db, harness.clock)
    await harness.work()
    assert.equal(harness.mail.allTo(email).length, 2)
  })

  it('no reminder goes to a signer who has confirmed', async () => {
    const email = 'prompt@example.org'
    await signAndConfirm(harness, { email })
    harness.clock.move(3 * DAY)
    await remindPending(harness.site.db, harness.clock)
    await harness.work()
    assert.equal(harness.mail.allTo(email).length, 1)
  })

  it('what was never confirmed is erased after fourteen days; what was stays', async () => {
    const kept = await signAndConfirm(harness, { email: 'kept@example.org' })
    const link = await signAndOpenMail(harness, { email: 'silent@example.org' })
    harness.clock.move(13 * DAY)
    await eraseUnconfirmed(harness.site.db, harness.clock)
    assert.equal((await get(harness, link)).status, 200)
    harness.clock.move(DAY + HOUR)
    await eraseUnconfirmed(harness.site.db, harness.clock)
    assert.equal((await get(harness, link)).status, 410)
    assert.equal((await confirm(harness, link)).status, 410)
    assert.deepEqual(new Set((await rows()).map(({ state }) => state)), new Set(['confirmed']))
    assert.equal((await get(harness, kept)).status, 200)
  })

  it('a mail is written in the language of the page, in every language', async () => {
    for (const language of STORY_LANGUAGES) {
      const email = `${language}@languages.example.org`
      await sign(harness, { email }, language)
      await harness.work()
      const link = new RegExp(`/${language}/confirm/\\S+`).exec(
        harness.mail.lastTo(email).text!,
      )![0]
      const page = await (await get(harness, pathOf(`http://x${link}`))).text()
      assert.match(page, new RegExp(`<html lang="${language}"`))
    }
  })
})
