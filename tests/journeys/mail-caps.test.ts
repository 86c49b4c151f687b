import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { forgetMailCounts } from '../../src/defence/cap-mails.ts'
import { DAY, HOUR, MINUTE } from '../../src/platform/clock.ts'
import { useFreshHarness } from '../support/harness.ts'
import {
  askToWithdraw,
  get,
  mailedPath,
  sign,
  signAndConfirm,
  signAndOpenMail,
} from '../support/signer.ts'
import { runSql } from '../support/test-database.ts'

describe('mails that strangers cause', () => {
  const harness = useFreshHarness()
  const all = () => harness.mail.mails.length

  /** Every way in which a stranger can have a mail sent, as fast as can be, for a while. */
  async function pester(addresses: string[], span: number, every: number): Promise<number[]> {
    const start = harness.clock.now().getTime()
    const times: number[] = []
    let before = all()
    while (harness.clock.now().getTime() - start < span) {
      for (const email of addresses) {
        await sign(harness, { email })
        await askToWithdraw(harness, email)
      }
      await harness.makeJobsDue()
      await harness.work()
      const now = harness.clock.now().getTime() - start
      for (; before < all(); before++) times.push(now)
      harness.clock.move(every)
    }
    return times
  }

  it('are two within minutes, then one an hour, and five in a week', async () => {
    const times = await pester(['target@example.org'], 7 * HOUR, 20 * MINUTE)
    assert.equal(times.length, 5)
    assert.ok(times[1]! <= 20 * MINUTE, 'the second may follow at once')
    for (const nth of [2, 3, 4]) assert.ok(times[nth]! - times[nth - 1]! >= HOUR, `${times}`)
  })

  it('count for a confirmed address as well, with the links to withdraw', async () => {
    const email = 'signed@example.org'
    await signAndConfirm(harness, { email })
    const times = await pester([email], 7 * HOUR, 20 * MINUTE)
    assert.equal(times.length + 1, 5)
  })

  it('go on counting past the erasure of what they were about', async () => {
    for (let week = 0; week < 6; week++) {
      await pester(['for-weeks@example.org'], 3 * HOUR, HOUR)
      harness.clock.move(7 * DAY)
    }
    assert.equal(all(), 12, 'twelve in ninety days, whoever asks')
  })

  it('end soon after the forms do, however many links to withdraw were asked for', async () => {
    const email = 'asked-often@example.org'
    await signAndConfirm(harness, { email })
    for (let time = 0; time < 30; time++) await askToWithdraw(harness, email)
    const waiting = await runSql(
      harness.databaseUrl,
      `select from graphile_worker.jobs where task_identifier = 'mail-withdrawal'`,
    )
    assert.equal(waiting.rowCount, 1, 'one waits for its turn')
    for (let week = 0; week < 10; week++) {
      harness.clock.move(7 * DAY)
      await harness.makeJobsDue()
      await harness.work()
    }
    assert.ok(harness.mail.allTo(email).length <= 4, `${harness.mail.allTo(email).length}`)
  })

  it('are counted together for spellings that reach one mailbox', async () => {
    for (const addresses of [
      ['a.b.c@gmail.com', 'abc+1@gmail.com', 'abc+2@googlemail.com'],
      ['ann+1@corp.example', 'ann+2@corp.example', 'ann@corp.example'],
      ['x@bob.fastmail.com', 'y@bob.fastmail.com', 'bob+z@fastmail.com'],
    ]) {
      const before = all()
      await pester(addresses, 3 * HOUR, 30 * MINUTE)
      assert.ok(all() - before <= 5, addresses.join())
    }
  })

  it('a mail that waits goes out by itself when its turn has come', async () => {
    const email = 'late@example.org'
    await signAndOpenMail(harness, { email })
    await signAndOpenMail(harness, { email })
    await sign(harness, { email, name: 'Third Form' })
    await harness.work()
    assert.equal(all(), 2)
    harness.clock.move(HOUR)
    await harness.makeJobsDue()
    await harness.work()
    const link = mailedPath(harness, email, 'confirm')
    assert.match(await (await get(harness, link)).text(), /Third Form/)
  })

  it('leave counts that hold no address and are forgotten after ninety days', async () => {
    const { db, clock } = harness.site
    await signAndOpenMail(harness, { email: 'counted@example.org' })
    const counts = () => db.selectFrom('mail_count').selectAll().execute()
    assert.deepEqual(
      (await counts()).map(({ recipient }) => recipient.length),
      [16, 16],
    )
    harness.clock.move(89 * DAY)
    await forgetMailCounts(db, clock)
    assert.equal((await counts()).length, 2)
    harness.clock.move(2 * DAY)
    await forgetMailCounts(db, clock)
    assert.deepEqual(await counts(), [])
  })
})
