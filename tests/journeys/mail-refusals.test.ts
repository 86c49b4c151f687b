import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY, HOUR, MINUTE } from '../../src/platform/clock.ts'
import { freePort } from '../../src/platform/database/embedded/launch-server.ts'
import { createMailer } from '../../src/platform/mail/mailer.ts'
import { remindPending } from '../../src/signature/remind-or-erase.ts'
import { useFreshHarness } from '../support/harness.ts'
import { askToWithdraw, confirm, get, mailedPath, sign, signAndConfirm } from '../support/signer.ts'

const TOKEN = { authorization: 'Bearer let-me-in' }

describe('a relay that refuses', () => {
  const harness = useFreshHarness({ METRICS_TOKEN: 'let-me-in' })

  const recipients = () => harness.mail.mails.map(({ recipient }) => recipient).sort()
  const undeliverable = async () =>
    (await harness.site.db.selectFrom('submission').selectAll().execute()).filter(
      (row) => row.undeliverable,
    ).length
  const waiting = async (why: string) => {
    const text = await (await get(harness, '/metrics', TOKEN)).text()
    return Number(new RegExp(`^mails_waiting\\{why="${why}"\\} (\\d+)$`, 'm').exec(text)?.[1])
  }
  const ready = async () => {
    const answer = await get(harness, '/readyz', TOKEN)
    assert.equal(answer.status, 200)
    return (await answer.json()) as { mail: string; why?: string }
  }
  async function workAgain() {
    harness.clock.move(5 * MINUTE)
    await harness.makeJobsDue()
    await harness.work()
  }

  it('everybody by policy for an evening loses nobody: each gets the link when it takes mails again', async () => {
    const begun = performance.now()
    await sign(harness, { email: 'before@example.org' })
    await harness.work()
    const signers = Array.from({ length: 12 }, (_, nth) => `evening-${nth}@example.org`).sort()
    harness.mail.refuseWith(550, '5.7.1 Relay access denied')
    for (const email of signers) {
      await sign(harness, { email })
      await workAgain()
    }
    for (let hour = 0; hour < 4; hour++) {
      harness.clock.move(HOUR)
      await workAgain()
    }
    assert.deepEqual(recipients(), ['before@example.org'])
    assert.equal(await undeliverable(), 0)
    assert.equal(await waiting('policy'), signers.length)
    assert.equal(await waiting('mailbox'), 0)
    const { mail, why } = await ready()
    assert.equal(mail, 'refused')
    assert.match(why!, /by policy .*\(550 5\.7\.1\)/)
    for (const headers of [{}, { authorization: 'Bearer let-me-inn' }]) {
      const answer = await get(harness, '/readyz', headers)
      assert.equal(await answer.text(), '{"status":"ready","mail":"refused"}')
    }
    const told = harness.logged.filter((line) => line.includes('mails are put off'))
    const minutes = Math.ceil((performance.now() - begun) / MINUTE)
    assert.ok(told.length <= minutes, `${told.length} lines in ${minutes} minutes`)
    assert.match(told[0]!, /"putOff":\{"policy":1\}/)
    assert.doesNotMatch(harness.logged.join(''), /evening-\d/)

    harness.mail.refuseWith(null)
    await workAgain()
    assert.deepEqual(recipients(), ['before@example.org', ...signers])
    assert.equal(await waiting('policy'), 0)
    assert.deepEqual(await ready(), { status: 'ready', mail: 'ok' })
    for (const email of [signers[0]!, signers.at(-1)!]) {
      const link = mailedPath(harness, email, 'confirm')
      assert.equal((await confirm(harness, link)).status, 303)
    }
  })

  it('everybody with a bare 550 loses nobody either', async () => {
    await sign(harness, { email: 'before@example.org' })
    await harness.work()
    harness.mail.refuseWith(550, 'Denied')
    for (const email of ['one@example.org', 'two@example.org']) {
      await sign(harness, { email })
      await workAgain()
      await workAgain()
    }
    assert.equal(await undeliverable(), 0)
    assert.equal(await waiting('mailbox'), 2)
    harness.mail.refuseWith(null)
    await workAgain()
    assert.deepEqual(recipients(), ['before@example.org', 'one@example.org', 'two@example.org'])
  })

  it('one mailbox with a bare 550, and takes others, is believed: that address gets no more mail', async () => {
    harness.mail.refuseWith(550, 'No such user', (address) => address.startsWith('gone'))
    for (const email of ['gone-1@example.org', 'gone-2@example.org']) await sign(harness, { email })
    await workAgain()
    assert.equal(await undeliverable(), 0)
    harness.clock.move(MINUTE)
    await sign(harness, { email: 'there@example.org' })
    await harness.work()
    await workAgain()
    assert.equal(await undeliverable(), 2)
    assert.deepEqual(recipients(), ['there@example.org'])
    harness.mail.refuseWith(null)
    harness.clock.move(3 * DAY)
    await remindPending(harness.site.db, harness.clock)
    await workAgain()
    assert.ok(!recipients().some((address) => address.startsWith('gone')))
  })

  it('for days has mails given up, and says so in a line, not in one for each', async () => {
    harness.mail.refuseWith(550, '5.7.1 Relay access denied')
    for (let nth = 0; nth < 5; nth++) await sign(harness, { email: `late-${nth}@example.org` })
    await workAgain()
    await harness.connection.pool.query(
      `update graphile_worker._private_jobs
          set payload = (payload::jsonb || '{"attempt": 900}')::json`,
    )
    await workAgain()
    await workAgain()
    const told = harness.logged.filter((line) => line.includes('mails were given up'))
    assert.equal(told.length, 1)
    assert.match(told[0]!, /"level":50.*by policy/)
    assert.equal(await waiting('policy'), 0)
  })

  it('links to withdraw and welcomes by policy sends them when it takes mails again', async () => {
    const email = 'leaver@example.org'
    await signAndConfirm(harness, { email, updates: 'yes' })
    harness.mail.refuseWith(554, '5.7.1 Client host blocked using a list')
    await askToWithdraw(harness, email)
    await workAgain()
    assert.equal(await waiting('policy'), 1, 'the welcome: of a link to withdraw nobody is told')
    harness.mail.refuseWith(null)
    await workAgain()
    assert.deepEqual(recipients(), [email, email, email])
    assert.ok(
      harness.mail.mails.some(({ text }) => /\/withdraw\//.test(text ?? '')),
      'the link',
    )
  })

  it('is told by a node that mails nothing itself, and makes it no less ready', async () => {
    harness.mail.refuseWith(554, '5.7.1 No')
    await sign(harness, { email: 'ann@example.org' })
    await harness.work()
    const another = async (url: string) => {
      harness.site.mailer.close()
      const { config, clock, logger } = harness.site
      const options = { from: config.mailFrom, helo: null, clock, logger }
      // In place: pages hold the mailer, not the site.
      Object.assign(harness.site.mailer, createMailer({ url, ...options }))
    }
    await another(harness.mail.url)
    assert.deepEqual(await ready(), {
      status: 'ready',
      mail: 'refused',
      why: 'mails wait: policy 1',
    })
    await another(`smtp://127.0.0.1:${await freePort()}`)
    await harness.site.mailer.check()
    const { mail, why } = await ready()
    assert.equal(mail, 'unreachable')
    assert.match(why!, /connection refused.*SMTP_URL/)
  })
})
