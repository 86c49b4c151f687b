import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { SECOND } from '../../../src/platform/clock.ts'
import type { Mailer } from '../../../src/platform/mail/mail.ts'
import { clock, logged, mailerTo, mailTo, sendBy } from '../../support/mailer.ts'
import {
  type Script,
  type ScriptedServer,
  startScriptedServer,
} from '../../support/scripted-server.ts'

describe('a mail server’s answer', () => {
  let server: ScriptedServer
  let mailer: Mailer
  before(async () => {
    server = await startScriptedServer()
  })
  after(() => server.close())
  beforeEach(() => {
    mailer = mailerTo(server.url)
  })
  afterEach(() => mailer.close())

  const outcomeOf = async (script: Script, doubted?: number, to = 'ann@example.org') => {
    server.answer(script)
    return sendBy(mailer, mailTo(to), doubted)
  }

  const OF_MAILBOX = [
    '550 5.1.1 no such user',
    '550-5.1.1 no such user\r\n550 5.1.1 and no other',
    '553 5.1.3 what a syntax',
    '550 5.1.4 which of them',
    '551 5.1.6 has moved',
    '556 5.1.10 the domain takes no mail',
    '554 5.2.1 disabled',
    '550 #5.1.1 as some appliances write',
  ]
  for (const answer of OF_MAILBOX) {
    it(`“${answer.split('\r')[0]}” is final: it speaks of the mailbox`, async () => {
      assert.deepEqual(await outcomeOf({ RCPT: answer }), { outcome: 'refused' })
    })
  }

  it('to the content is final where it speaks of the mailbox: there is one recipient', async () => {
    assert.equal((await outcomeOf({ '.': '550 5.1.1 no such user' })).outcome, 'refused')
    assert.equal((await outcomeOf({ '.': '550 no reason' })).outcome, 'later')
    assert.equal((await outcomeOf({ MAIL: '550 5.1.1 who are you' })).outcome, 'later')
  })

  const OF_SOMETHING_ELSE: [answer: Script, kind: string][] = [
    [{ RCPT: '550 5.7.1 relaying denied' }, 'policy'],
    [{ RCPT: '554 5.7.1 Service unavailable; client host blocked using a list' }, 'policy'],
    [{ RCPT: '550 5.7.26 not authenticated' }, 'policy'],
    [{ RCPT: '550 5.7.13 account disabled' }, 'policy'],
    [{ RCPT: '550 5.7.17 mailbox owner has changed' }, 'policy'],
    [{ RCPT: '552 5.2.2 mailbox full' }, 'quota'],
    [{ RCPT: '552 mailbox full' }, 'quota'],
    [{ RCPT: '452 4.2.2 mailbox full' }, 'quota'],
    [{ RCPT: '550 5.1.8 bad sender domain' }, 'sender'],
    [{ RCPT: '501 5.1.7 bad sender' }, 'sender'],
    [{ MAIL: '553 5.7.1 sender address rejected: not owned by user' }, 'sender'],
    [{ RCPT: '550 5.1.0 address rejected' }, 'other'],
    [{ RCPT: '550 5.2.0 mailbox unavailable' }, 'other'],
    [{ RCPT: '550 5.0.0 no' }, 'other'],
    [{ RCPT: '550 5.4.1 recipient address rejected: access denied' }, 'other'],
    [{ RCPT: '550 5.99.99 unheard of' }, 'other'],
    [{ RCPT: '554 no reason' }, 'other'],
    [{ RCPT: '550 4.1.1 the two codes differ' }, 'busy'],
    [{ RCPT: '450 4.1.1 perhaps later' }, 'busy'],
    [{ RCPT: '450 4.7.1 greylisted' }, 'busy'],
    [{ RCPT: '550 5.6.7 no UTF-8' }, 'smtputf8'],
    [{ '.': '552 5.3.4 too big' }, 'content'],
    [{ '.': '554 5.6.0 looks odd' }, 'content'],
    [{ MAIL: '530 5.7.0 Authentication required' }, 'login'],
    [{ MAIL: '530 5.7.0 Must issue a STARTTLS command first' }, 'tls'],
    [{ RCPT: '504 5.5.2 <[127.0.0.1]>: Helo command rejected' }, 'greeting'],
    [{ CONNECT: '554 5.7.1 we do not talk to you' }, 'greeting'],
    [{ CONNECT: '421 4.3.2 too busy' }, 'busy'],
    [{ EHLO: '550 not with that name', HELO: '550 not with that name' }, 'greeting'],
  ]
  for (const [script, kind] of OF_SOMETHING_ELSE) {
    const [[command, answer]] = Object.entries(script) as [[string, string]]
    it(`“${answer.slice(0, 36)}” to ${command} puts the mail off (${kind})`, async () => {
      const result = await outcomeOf(script)
      assert.equal(result.outcome, 'later')
      assert.equal(result.outcome === 'later' && result.kind, kind)
      assert.doesNotMatch(
        JSON.stringify(result),
        /ann|no such|relaying|differ/,
        'not its own words',
      )
      if (['CONNECT', 'EHLO'].includes(command)) return
      // Once more, as a job would, and others were taken meanwhile.
      clock.move(SECOND)
      assert.equal((await outcomeOf({}, undefined, 'bob@example.org')).outcome, 'accepted')
      clock.move(SECOND)
      const again = await outcomeOf(script, result.outcome === 'later' ? result.doubted : 0)
      assert.equal(again.outcome, 'later')
    })
  }

  for (const answer of [
    '550 no such user here',
    '551 not local',
    '553 no',
    '550 5.1.2 no such domain',
  ]) {
    it(`“${answer}” is believed once others have been taken since, and it is said again`, async () => {
      const first = await outcomeOf({ RCPT: answer })
      assert.ok(first.outcome === 'later' && first.doubted !== undefined)
      clock.move(SECOND)
      assert.equal(
        (await outcomeOf({ RCPT: answer }, first.doubted)).outcome,
        'later',
        'nobody since',
      )
      clock.move(SECOND)
      assert.equal((await outcomeOf({}, undefined, 'bob@example.org')).outcome, 'accepted')
      clock.move(SECOND)
      assert.equal((await outcomeOf({ RCPT: answer }, first.doubted)).outcome, 'refused')
    })
  }

  it('“550” to everybody from one moment on costs nobody, whom the server took before or not', async () => {
    assert.equal((await outcomeOf({}, undefined, 'bob@example.org')).outcome, 'accepted')
    clock.move(SECOND)
    const signers = Array.from({ length: 20 }, (_, nth) => `signer-${nth}@example.org`)
    const doubted = new Map<string, number | undefined>()
    for (let round = 0; round < 3; round++) {
      for (const to of signers) {
        const result = await outcomeOf({ RCPT: '550 Denied' }, doubted.get(to), to)
        assert.ok(result.outcome === 'later', `${to} in round ${round}`)
        doubted.set(to, result.doubted)
        clock.move(SECOND)
      }
    }
    for (const to of signers) {
      assert.equal((await outcomeOf({}, doubted.get(to), to)).outcome, 'accepted')
    }
  })

  it('is told once, then at most once a minute with a count, and without an address', async () => {
    logged.length = 0
    for (let nth = 0; nth < 30; nth++) {
      const answer =
        nth % 3 === 0 ? '550 5.1.1 <ann> unknown' : '550 5.7.1 <ann@example.org> denied'
      await outcomeOf({ RCPT: answer })
    }
    assert.equal(logged.length, 1)
    mailer.close()
    assert.deepEqual(
      logged.map(({ fields: { mails, refused, putOff } }) => ({ mails, refused, putOff })),
      [
        { mails: 1, refused: 1, putOff: undefined },
        { mails: 29, refused: 9, putOff: { policy: 20 } },
      ],
    )
    assert.match(String(logged[1]!.fields.why), /by policy/)
    assert.equal(logged[1]!.fields.status, '550 5.7.1')
    assert.doesNotMatch(JSON.stringify(logged), /ann/)
  })

  it('is known as trouble until the next mail is taken', async () => {
    assert.equal(mailer.trouble(), null)
    await outcomeOf({ RCPT: '550 5.7.1 denied' })
    assert.match(mailer.trouble()!.words, /^the mail server refuses by policy .* \(550 5\.7\.1\)$/)
    server.answer({})
    assert.match((await mailer.check())!, /by policy/, 'a login proves nothing')
    await outcomeOf({})
    assert.equal(mailer.trouble(), null)
    await outcomeOf({ RCPT: '550 5.1.1 no such user' })
    assert.equal(mailer.trouble(), null, 'one mailbox is no trouble')
  })

  it('to a mail that is untold leaves no line and changes nothing that is known of the server', async () => {
    const send = (script: Script, isUntold: boolean) => {
      server.answer(script)
      return sendBy(mailer, { ...mailTo('ann@example.org'), isUntold })
    }
    logged.length = 0
    const utf8 = { EHLO: '250-scripted\r\n250-SMTPUTF8\r\n250 8BITMIME' }
    const scripts: Script[] = [
      {},
      utf8,
      { RCPT: '550 5.7.1 denied' },
      { MAIL: '550 5.1.8 not you' },
      { DATA: '451 later' },
      { RCPT: '550 perhaps' },
      { RCPT: '550 5.1.1 nobody' },
    ]
    for (const script of scripts) {
      const result = await send(script, true)
      if (result.outcome === 'later') assert.equal(result.kind, null)
      assert.equal(mailer.trouble(), null)
    }
    assert.equal(mailer.isAsciiOnly(), false)
    await send({ RCPT: '550 5.7.1 denied' }, false)
    await send({}, true)
    assert.equal(mailer.trouble()?.kind, 'policy')
    mailer.close()
    assert.deepEqual(
      logged.map(({ fields }) => fields.mails),
      [1],
    )
  })

  it('to EHLO shows the name that was set, or this machine’s', async () => {
    const named = mailerTo(server.url, { helo: 'mail.petitions.example' })
    server.heard.length = 0
    assert.equal(await named.check(), null)
    await sendBy(named, mailTo('ann@example.org'))
    named.close()
    const greetings = server.heard.filter((line) => line.startsWith('EHLO'))
    assert.deepEqual(greetings, Array(2).fill('EHLO mail.petitions.example'))
  })

  it('without SMTPUTF8 keeps addresses with other letters back, and no others', async () => {
    server.answer({})
    assert.equal(mailer.isAsciiOnly(), false, 'not known yet')
    assert.equal(await mailer.check(), null)
    assert.equal(mailer.isAsciiOnly(), true)
    server.heard.length = 0
    const kept = await sendBy(mailer, mailTo('ülkər@example.org'))
    assert.equal(kept.outcome === 'later' && kept.kind, 'smtputf8')
    assert.deepEqual(server.heard, [])
    assert.equal((await sendBy(mailer, mailTo('ulker@münchen.example'))).outcome, 'accepted')
    server.answer({ EHLO: '250-scripted\r\n250-SMTPUTF8\r\n250 8BITMIME' })
    assert.equal(await mailer.check(), null)
    assert.equal(mailer.isAsciiOnly(), false)
  })
})
