import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { advanceCounts, reconcileCounts } from '../../src/count/advance-counts.ts'
import { readBreakdown } from '../../src/count/read-counts.ts'
import { HOUR } from '../../src/platform/clock.ts'
import { getDemo } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import {
  confirm,
  counted,
  get,
  signAndConfirm,
  signAndOpenMail,
  withdraw,
} from '../support/signer.ts'

describe('counting', () => {
  const harness = useHarness()

  const breakdown = async (by: 'hour' | 'day' | 'country' | 'language' | 'source') => {
    const petition = await getDemo(harness)
    const rows = await readBreakdown(harness.site.db, petition.id, by)
    return Object.fromEntries(rows.map(({ key, signatures }) => [key, signatures]))
  }
  const sum = (cells: Record<string, number>) =>
    Object.values(cells).reduce((total, signatures) => total + signatures, 0)

  it('before the first signature the page says “Be the first”, never a zero', async () => {
    const html = await (await get(harness, '/en/p/cop29-baku')).text()
    assert.match(html, /Be the first/)
    assert.doesNotMatch(html, />\s*0\s*</)
  })

  it('by hour, day, country, language and source, each adding up to the count', async () => {
    await signAndConfirm(harness, { email: 'de@example.org', country: 'DE' }, 'en')
    await signAndConfirm(harness, { email: 'az@example.org', country: 'AZ', source: 'x' }, 'az')
    harness.clock.move(HOUR)
    await signAndConfirm(harness, { email: 'by@example.org', country: 'BY' }, 'be')
    assert.deepEqual(await breakdown('hour'), { '2024-03-01T09Z': 2, '2024-03-01T10Z': 1 })
    assert.deepEqual(await breakdown('day'), { '2024-03-01': 3 })
    assert.deepEqual(await breakdown('country'), { AZ: 1, BY: 1, DE: 1 })
    assert.deepEqual(await breakdown('language'), { az: 1, be: 1, en: 1 })
    assert.deepEqual(await breakdown('source'), { direct: 2, x: 1 })
    assert.equal(await counted(harness), 3)
  })

  it('a withdrawal is taken off where it was added', async () => {
    await signAndConfirm(harness, { email: 'leaver@example.org', country: 'PL', source: 'y' })
    harness.clock.move(2 * HOUR)
    await withdraw(harness, 'leaver@example.org')
    assert.equal((await breakdown('country')).PL, undefined)
    assert.equal((await breakdown('source')).y, undefined)
    for (const by of ['hour', 'day', 'country', 'language', 'source'] as const) {
      assert.equal(sum(await breakdown(by)), await counted(harness), by)
    }
    assert.deepEqual(await harness.site.counts.shown((await getDemo(harness)).id), {
      confirmed: 4,
      withdrawn: 1,
      voided: 0,
      counted: 3,
    })
  })

  it('several nodes that count at once count everything once', async () => {
    const before = await counted(harness)
    const links: string[] = []
    for (let index = 0; index < 12; index++) {
      links.push(await signAndOpenMail(harness, { email: `burst-${index}@example.org` }))
    }
    await Promise.all([
      ...links.map((link) => confirm(harness, link)),
      ...Array.from({ length: 10 }, () => advanceCounts(harness.site.db)),
    ])
    await harness.tally()
    assert.equal(await counted(harness), before + 12)
  })

  it('the count agrees with the rows, also while rows wait in tally_queue', async () => {
    assert.deepEqual(await reconcileCounts(harness.site.db), [])
    await confirm(harness, await signAndOpenMail(harness, { email: 'waits@example.org' }))
    assert.deepEqual(await reconcileCounts(harness.site.db), [])
    await harness.tally()
    assert.deepEqual(await reconcileCounts(harness.site.db), [])
  })

  it('a count that was tampered with is reported and repaired', async () => {
    const { db } = harness.site
    const before = await counted(harness)
    await db
      .updateTable('tally')
      .set({ signatures: '1000000' })
      .where('dimension', '=', 'total')
      .where('key', '=', 'confirmed')
      .execute()
    await db.deleteFrom('tally').where('dimension', '=', 'country').execute()
    const differences = await reconcileCounts(db)
    assert.ok(differences.some(({ dimension }) => dimension === 'total'))
    assert.ok(differences.some(({ dimension }) => dimension === 'country'))
    assert.equal(await counted(harness), before)
    assert.equal(sum(await breakdown('country')), before)
    assert.deepEqual(await reconcileCounts(db), [])
  })

  it('the goal raises itself as the count nears it', async () => {
    const { db } = harness.site
    const petition = await getDemo(harness)
    const goal = async () =>
      Number(
        /<progress[^>]* max="(\d+)"/.exec(
          await (await get(harness, '/en/p/cop29-baku')).text(),
        )![1],
      )
    assert.equal(await goal(), 100)
    await db
      .updateTable('tally')
      .set({ signatures: '95' })
      .where('petition_id', '=', petition.id)
      .where('dimension', '=', 'total')
      .where('key', '=', 'confirmed')
      .execute()
    assert.equal(await goal(), 500)
  })
})
