import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { countMails, mailCountKeys } from '../../src/defence/cap-mails.ts'
import { DAY, HOUR } from '../../src/platform/clock.ts'
import { remindPending } from '../../src/signature/remind-or-erase.ts'
import { STORY_LANGUAGES } from '../support/demo.ts'
import { useFreshHarness } from '../support/harness.ts'
import { linkIn } from '../support/mail-server.ts'
import { get, pathOf, sign, signAndConfirm, signAndOpenMail } from '../support/signer.ts'

describe('a mail whose turn has not come', () => {
  const harness = useFreshHarness()
  const all = () => harness.mail.mails.length

  it('comes for each form in its time, be that an hour later or once the week is over', async () => {
    const email = 'eager@example.org'
    for (let nth = 1; nth <= 6; nth++) await sign(harness, { email, name: `Form ${nth}` })
    const times: number[] = []
    const start = harness.clock.now().getTime()
    while (times.length < 6 && harness.clock.now().getTime() - start < 8 * DAY) {
      await harness.makeJobsDue()
      await harness.work()
      const hours = (harness.clock.now().getTime() - start) / HOUR
      while (times.length < all()) times.push(hours)
      harness.clock.move(times.length < 5 ? HOUR : 12 * HOUR)
    }
    assert.deepEqual(times.slice(0, 5), [0, 0, 1, 2, 3])
    assert.ok(times[5]! >= 7 * 24 && times[5]! <= 7 * 24 + 12, `${times}`)
    const names = await Promise.all(
      harness.mail.mails.map(async (mail) => {
        const page = await (await get(harness, pathOf(linkIn(mail, 'confirm')))).text()
        return /Form \d/.exec(page)?.[0]
      }),
    )
    assert.equal(new Set(names).size, 6, 'a mail for each of them')
  })

  it('is told of in the same words, whatever has gone to the address', async () => {
    await signAndConfirm(harness, { email: 'confirmed@example.org' })
    await signAndOpenMail(harness, { email: 'pending@example.org' })
    for (let time = 0; time < 7; time++) await sign(harness, { email: 'capped@example.org' })
    await harness.work()
    harness.mail.refuseWith(550, '5.1.1 No such user', (address) => address.startsWith('gone'))
    await sign(harness, { email: 'gone@example.org' })
    await harness.work()
    for (const language of STORY_LANGUAGES) {
      const told = new Set<string>()
      for (const who of ['new', 'pending', 'confirmed', 'capped', 'gone']) {
        const answer = await sign(harness, { email: `${who}@example.org` }, language)
        const page = await get(harness, answer.headers.get('location')!)
        told.add(`${answer.status} ${await answer.text()} ${page.status} ${await page.text()}`)
      }
      assert.equal(told.size, 1, language)
    }
    const page = await (await get(harness, '/en/p/cop29-baku/check-your-email')).text()
    assert.match(
      page,
      /within a few minutes.*at most one e-mail an hour after the first two.*five a week/s,
    )
  })

  it('that reminds comes two days after what it reminds of, however late that was', async () => {
    const { clock, site } = harness
    const { db } = site
    const email = 'waited@example.org'
    harness.mail.refuseWith(451)
    await sign(harness, { email })
    await harness.work()
    clock.move(47 * HOUR)
    harness.mail.refuseWith(null)
    await harness.makeJobsDue()
    await harness.work()
    assert.equal(all(), 1)
    for (const [hours, mails] of [
      [2, 1],
      [40, 1],
      [7, 2],
      [48, 2],
    ] as const) {
      // biome-ignore format: a table
      clock.move(hours * HOUR)
      await remindPending(db, clock)
      await harness.makeJobsDue()
      await harness.work()
      assert.equal(all(), mails, `${hours} hours on`)
    }
  })

  it('that reminds waits for the pause between two mails', async () => {
    const { clock, site } = harness
    const { db } = site
    const email = 'reminded@example.org'
    await signAndOpenMail(harness, { email })
    clock.move(2 * DAY + HOUR)
    const { keyring } = harness.site
    const keys = mailCountKeys(keyring, email, 1)
    await db.transaction().execute((trx) => countMails(trx, [keys], clock.now()))
    await remindPending(db, clock)
    await harness.work()
    assert.equal(all(), 1, 'its turn has not come')
    clock.move(HOUR)
    await harness.makeJobsDue()
    await harness.work()
    assert.equal(all(), 2)
  })
})
