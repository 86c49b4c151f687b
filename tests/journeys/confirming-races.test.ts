import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Db } from '../../src/database.ts'
import { readToken } from '../../src/signature/link-token.ts'
import { readBreakdown } from '../../src/tally/read-counts.ts'
import { type Harness, startHarness } from '../support/harness.ts'
import { confirm, counted, get, post, signAndOpenMail } from '../support/signer.ts'

describe('a confirmation that meets another change of its row', () => {
  let harness: Harness
  before(async () => {
    harness = await startHarness()
  })
  after(() => harness.close())

  const idOf = (link: string) =>
    readToken(harness.services.keyring, 'confirm', link.split('/').at(-1)!)!
  const stateOf = async (link: string) => {
    const { db } = harness.services
    const query = db.selectFrom('signature').select('state').where('id', '=', idOf(link))
    return (await query.executeTakeFirst())?.state
  }

  /** Changes rows, and lets go of them only when what was begun meanwhile waits for them. */
  async function meet<T>(change: (trx: Db) => Promise<unknown>, begin: () => Promise<T>) {
    const { db } = harness.services
    let begun!: Promise<T>
    await db.transaction().execute(async (trx) => {
      await change(trx)
      begun = begin()
      for (let waiting = 0; waiting === 0; await setTimeout(5)) {
        const { rows } = await sql<{ count: number }>`
          select count(*)::int from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
        waiting = rows[0]!.count
      }
    })
    return begun
  }

  const shownOn = async (link: string) =>
    /name="shown" value="([^"]+)"/.exec(await (await get(harness, link)).text())![1]!
  const press = (link: string, shown: string) => post(harness, link, { decision: 'confirm', shown })

  it('does not confirm what was sent again after the page was shown', async () => {
    const link = await signAndOpenMail(harness, { email: 'resent@example.org' })
    const shown = await shownOn(link)
    const other = await signAndOpenMail(harness, { email: 'other@example.org' })
    const answer = await meet(
      (trx) =>
        trx
          .updateTable('signature')
          .set((given) => ({
            details: given.selectFrom('signature').select('details').where('id', '=', idOf(other)),
          }))
          .where('id', '=', idOf(link))
          .execute(),
      () => press(link, shown),
    )
    assert.equal(answer.status, 409)
    assert.equal(await stateOf(link), 'pending')
    assert.equal((await press(link, await shownOn(link))).status, 303)
  })

  it('finds gone what was rejected meanwhile', async () => {
    const link = await signAndOpenMail(harness, { email: 'rejected@example.org' })
    const shown = await shownOn(link)
    const answer = await meet(
      (trx) => trx.deleteFrom('signature').where('id', '=', idOf(link)).execute(),
      () => press(link, shown),
    )
    assert.equal(answer.status, 410)
    assert.equal(await stateOf(link), undefined)
  })

  it('confirms what only something else of it was changed', async () => {
    const link = await signAndOpenMail(harness, { email: 'touched@example.org' })
    const shown = await shownOn(link)
    const answer = await meet(
      (trx) =>
        trx
          .updateTable('signature')
          .set({ ref: null, source: 'radio' })
          .where('id', '=', idOf(link))
          .execute(),
      () => press(link, shown),
    )
    assert.equal(answer.status, 303)
    assert.equal(await stateOf(link), 'confirmed')
    await harness.tally()
    const { db, petitions } = harness.services
    const { id } = (await petitions.find('cop29-baku'))!
    const sources = await readBreakdown(db, id, 'source')
    assert.equal(sources.find(({ key }) => key === 'radio')?.signatures, 1)
  })

  it('in a crowd stands back alone: its neighbours are confirmed, each once', async () => {
    const links: string[] = []
    for (let nth = 0; nth < 12; nth++) {
      links.push(await signAndOpenMail(harness, { email: `crowd${nth}@example.org` }))
    }
    await harness.tally()
    const before = await counted(harness)
    const answers = await meet(
      (trx) => trx.deleteFrom('signature').where('id', '=', idOf(links[5]!)).execute(),
      () => Promise.all([...links, ...links].map((link) => confirm(harness, link))),
    )
    const statuses = answers.map(({ status }) => status)
    const expected = links.map((_, nth) => (nth === 5 ? 410 : 303))
    assert.deepEqual(statuses, [...expected, ...expected])
    await harness.tally()
    assert.equal(await counted(harness), before + 11)
  })

  it('of signers who ask for news puts each on the list once, with all that was confirmed', async () => {
    const { db } = harness.services
    const links: string[] = []
    for (let nth = 0; nth < 6; nth++) {
      const updates = nth % 2 ? 'yes' : ''
      links.push(await signAndOpenMail(harness, { email: `news${nth}@example.org`, updates }))
    }
    await Promise.all([...links, ...links].map((link) => confirm(harness, link)))
    const listed = await db.selectFrom('subscriber').select('id').execute()
    assert.equal(listed.length, 3)
    await harness.work()
    const welcomed = await db.selectFrom('subscriber').select('welcomed').execute()
    assert.deepEqual(welcomed, [{ welcomed: true }, { welcomed: true }, { welcomed: true }])
  })
})
