import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sql } from 'kysely'
import type { Db } from '../../src/database.ts'
import { readToken } from '../../src/platform/link-token.ts'
import { findByLink, findSignature } from '../../src/signature/reads.ts'
import { insertSignatures } from '../../src/signature/store/signatures.ts'
import { deleteExpired } from '../../src/signature/store/submissions.ts'
import { withdrawSignature } from '../../src/signature/withdraw-signature.ts'
import { getDemo } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { confirm, counted, signAndOpenMail } from '../support/signer.ts'
import { until } from '../support/until.ts'

describe('a confirmation that meets another change of its row', () => {
  const harness = useHarness()

  const idOf = (link: string) =>
    readToken(harness.site.keyring, 'confirm', link.split('/').at(-1)!)!.id
  const stateOf = async (link: string) => {
    const { db } = harness.site
    const query = db.selectFrom('signature').select('state').where('id', '=', idOf(link))
    return (await query.executeTakeFirst())?.state
  }

  /** Changes rows, and lets go of them only when what was begun meanwhile waits for them. */
  async function meet<T>(
    change: (trx: Db) => Promise<unknown>,
    begin: () => Promise<T>,
    finish: (trx: Db) => Promise<unknown> = async () => {},
  ) {
    const { db } = harness.site
    let begun!: Promise<T>
    await db.transaction().execute(async (trx) => {
      await change(trx)
      begun = begin()
      const isHeldUp = sql`select from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`
      await until(async () => (await isHeldUp.execute(db)).rows.length > 0, { everyMs: 5 })
      await finish(trx)
    })
    return begun
  }

  it('finds gone what was rejected meanwhile', async () => {
    const link = await signAndOpenMail(harness, { email: 'rejected@example.org' })
    const answer = await meet(
      (trx) => trx.deleteFrom('submission').where('id', '=', idOf(link)).execute(),
      () => confirm(harness, link),
    )
    assert.equal(answer.status, 410)
    assert.equal(await stateOf(link), undefined)
  })

  it('is never taken back by a rejection or an erasure that comes a moment later', async () => {
    const link = await signAndOpenMail(harness, { email: 'pressed-twice@example.org' })
    const { db } = harness.site
    await meet(
      async (trx) => {
        const found = await findByLink(trx, idOf(link))
        const tag = Buffer.from('pressed-twice')
        const given = [
          {
            submission: found.submission!,
            mailbox: { tag, former: [] },
            name: null,
            nameState: 'approved' as const,
            nameWhy: null,
            commentWhy: null,
            comment: null,
          },
        ]
        assert.equal(
          (await insertSignatures(trx, given, { now: harness.clock.now(), look: true })).size,
          1,
        )
      },
      () =>
        Promise.all([
          confirm(harness, link, 'reject'),
          deleteExpired(db, { createdBefore: new Date('2999-01-01'), limit: 1 }),
        ]),
    )
    assert.equal(await stateOf(link), 'confirmed')
    await harness.seal()
    const sealed = await db
      .selectFrom('sealed_record')
      .select('signature_id')
      .where('signature_id', '=', idOf(link))
      .execute()
    assert.equal(sealed.length, 1)
  })

  it('of two forms of one mailbox makes one signature, whichever comes first', async () => {
    const email = 'twoforms@gmail.com'
    const one = await signAndOpenMail(harness, { email, name: 'One' })
    const two = await signAndOpenMail(harness, { email: 'two.forms@gmail.com', name: 'Two' })
    await harness.tally()
    const before = await counted(harness)
    const presses = [one, two, one, two, one, two]
    const answers = await Promise.all(presses.map((link) => confirm(harness, link)))
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([303]))
    const states = [await stateOf(one), await stateOf(two)]
    assert.deepEqual(states.filter(Boolean), ['confirmed'])
    await harness.tally()
    assert.equal(await counted(harness), before + 1)
  })

  it('that replaces what is shown waits for a withdrawal of the same signer, and neither fails', async () => {
    const email = 'replaced-and-left@example.org'
    const own = await signAndOpenMail(harness, { email })
    const later = await signAndOpenMail(harness, { email, display: 'name' })
    await confirm(harness, own)
    const { clock, keyring } = harness.site
    const petition = await getDemo(harness)
    const answer = await meet(
      (trx) => findSignature(trx, idOf(own), { lock: true }),
      () => confirm(harness, later, 'replace'),
      (trx) => withdrawSignature(trx, { clock, keyring }, petition, idOf(own)),
    )
    assert.equal(answer.status, 410)
    assert.equal(await stateOf(own), 'withdrawn')
  })

  it('in a crowd stands back alone: its neighbours are confirmed, each once', async () => {
    const links: string[] = []
    for (let nth = 0; nth < 12; nth++) {
      links.push(await signAndOpenMail(harness, { email: `crowd${nth}@example.org` }))
    }
    await harness.tally()
    const before = await counted(harness)
    const answers = await meet(
      (trx) => trx.deleteFrom('submission').where('id', '=', idOf(links[5]!)).execute(),
      () => Promise.all([...links, ...links].map((link) => confirm(harness, link))),
    )
    const statuses = answers.map(({ status }) => status)
    const expected = links.map((_, nth) => (nth === 5 ? 410 : 303))
    assert.deepEqual(statuses, [...expected, ...expected])
    await harness.tally()
    assert.equal(await counted(harness), before + 11)
  })

  it('of signers who ask for news puts each on the list once, with all that was confirmed', async () => {
    const { db } = harness.site
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
