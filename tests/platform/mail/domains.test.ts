import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { HOUR, MINUTE, SECOND } from '../../../src/platform/clock.ts'
import { createDomains } from '../../../src/platform/mail/domains.ts'
import { createLanes } from '../../../src/platform/mail/lanes.ts'
import { MailStopping } from '../../../src/platform/mail/mail.ts'

describe('what is known of recipients’ domains', () => {
  function start() {
    let time = 0
    const domains = createDomains(() => time)
    const pass = (milliseconds: number) => {
      time += milliseconds
    }
    return { domains, pass }
  }

  it('is nothing at first, and again after an hour of silence', () => {
    const { domains, pass } = start()
    assert.equal(domains.paceOf('a.example'), 'new')
    domains.note('a.example', 'quick')
    assert.equal(domains.paceOf('a.example'), 'quick')
    pass(HOUR)
    assert.equal(domains.paceOf('a.example'), 'new')
  })

  it('a large one is not slow because a mail in twenty hangs', () => {
    const { domains } = start()
    for (let nth = 1; nth <= 400; nth++) {
      domains.note('large.example', nth % 20 === 0 ? 'hung' : 'quick')
      assert.equal(domains.paceOf('large.example'), 'quick')
    }
  })

  it('one that hangs is left alone for longer each time, five minutes at most', () => {
    const { domains, pass } = start()
    const pauses = Array.from({ length: 8 }, () => {
      domains.note('slow.example', 'hung')
      const pause = domains.pauseOf('slow.example')
      pass(pause)
      assert.equal(domains.pauseOf('slow.example'), 0)
      return pause / SECOND
    })
    assert.deepEqual(pauses, [15, 30, 60, 120, 240, 300, 300, 300])
    assert.equal(domains.paceOf('slow.example'), 'slow')
  })

  it('one that answers again is quick again after few mails', () => {
    const { domains, pass } = start()
    for (let nth = 0; nth < 12; nth++) domains.note('back.example', 'hung')
    pass(5 * MINUTE)
    for (let nth = 0; nth < 4; nth++) domains.note('back.example', 'quick')
    assert.equal(domains.paceOf('back.example'), 'quick')
  })
})

describe('the lanes', () => {
  it('let the lines of domains take turns', async () => {
    const lanes = createLanes(
      1,
      createDomains(() => 0),
    )
    const order: string[] = []
    const enter = async (domain: string) => {
      const turn = await lanes.enter(domain, false)
      assert.ok(!('wait' in turn))
      order.push(domain)
      setImmediate(turn.leave)
    }
    await Promise.all([...Array<string>(30).fill('large'), 'small', 'tiny'].map(enter))
    assert.ok(order.indexOf('small') < 4 && order.indexOf('tiny') < 4, order.join())
  })

  it('send all but one mail to a slow domain back, and hold none when the program stops', async () => {
    const domains = createDomains(() => 0)
    domains.note('slow', 'hung')
    const lanes = createLanes(5, domains)
    const sentBack = await lanes.enter('slow', false)
    assert.ok('wait' in sentBack && sentBack.wait >= 15 * SECOND)
    domains.note('slow', 'quick')
    domains.note('slow', 'hung')
    domains.note('slow', 'hung')
    assert.ok(!('wait' in (await lanes.enter('other', true))), 'the connection for such mails')
    const waits = lanes.enter('another', true)
    const second = await lanes.enter('another', true)
    assert.ok('wait' in second, 'one mail of each waits')
    lanes.stop()
    await assert.rejects(waits, MailStopping)
    await assert.rejects(lanes.enter('other', false), MailStopping)
  })
})
