import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MINUTE, SECOND } from '../../../src/platform/clock.ts'
import type { Mailer } from '../../../src/platform/mail/mail.ts'
import { waitForDomain } from '../../../src/platform/mail/mail.ts'
import { createPacing } from '../../../src/platform/mail/pacing.ts'
import { mailerTo } from '../../support/mailer.ts'

describe('a limit of mails a minute to one domain', () => {
  it('lets a minute’s mails go at once, and sends the others back, each to its own moment', () => {
    let time = 0
    const pauseOf = createPacing(6, () => time)
    const pauses = Array.from({ length: 10 }, () => pauseOf('large.example'))
    assert.deepEqual(
      pauses,
      [0, 0, 0, 0, 0, 0, 10, 20, 30, 40].map((seconds) => seconds * SECOND),
    )
    assert.equal(pauseOf('other.example'), 0)
    for (const pause of pauses.slice(6)) {
      time = pause
      assert.equal(pauseOf('large.example'), 0, 'there is room when it comes again')
    }
  })

  it('is kept over hours of a crowd, and nobody waits for ever', () => {
    let time = 0
    const pauseOf = createPacing(30, () => time)
    const due: number[] = Array.from({ length: 1200 }, (_, nth) => nth * SECOND)
    const sent: number[] = []
    while (due.length > 0) {
      due.sort((a, b) => a - b)
      time = due.shift()!
      const pause = pauseOf('large.example')
      if (pause === 0) sent.push(time)
      else due.push(time + pause)
    }
    for (const [nth, at] of sent.entries()) {
      const later = sent[nth + 60]
      assert.ok(later === undefined || later - at >= MINUTE - 1, `61 within a minute, at ${at}`)
    }
    assert.ok(sent.at(-1)! < 1.2 * (1200 / 30) * MINUTE, `${sent.at(-1)! / MINUTE} minutes`)
  })

  it('is none unless it is set', () => {
    const pauseOf = createPacing(null, () => 0)
    for (let nth = 0; nth < 1000; nth++) assert.equal(pauseOf('large.example'), 0)
  })

  it('sends a mail back into the queue before it is marked, and tells of no fault', async () => {
    const mailer: Mailer = mailerTo('smtp://127.0.0.1:1', { domainPerMinute: 2 })
    try {
      const enter = () => mailer.enter('ann@Large.example')
      for (const place of [await enter(), await enter()]) {
        assert.ok(!('wait' in place))
        place.leave()
      }
      const third = await enter()
      assert.ok('wait' in third && third.wait > 0 && third.wait <= MINUTE / 2)
      const { kind, after } = waitForDomain(third, {}, 'slow')
      assert.deepEqual([kind, after], [null, third.wait])
      assert.ok(!('wait' in (await mailer.enter('ann@other.example'))))
    } finally {
      mailer.close()
    }
  })
})
