import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { createLogWriter } from '../../src/log/open-log.ts'
import { holdThin } from '../../src/log/sequencing/hold-thin.ts'
import { takeBatch } from '../../src/log/sequencing/take-batch.ts'
import { HOUR, MINUTE } from '../../src/platform/clock.ts'
import { startHarness, useFreshHarness } from '../support/harness.ts'
import { checkPublicLog, listEntries } from '../support/public-log.ts'
import { readXlsx } from '../support/read-xlsx.ts'
import { get, signAndConfirm, withdraw } from '../support/signer.ts'

/** What the API says by a breakdown is made anew after that. */
const KEPT_FOR_MS = 1050
const API = '/api/v1/petitions/cop29-baku'
const PAGE = '/en/p/cop29-baku'

describe('a watcher of a guarded petition’s figures', () => {
  const harness = useFreshHarness({ LOG_MIN_BATCH: '5' }, { figures: 'guarded' })
  let signed: number
  beforeEach(async () => {
    signed = 0
  })

  async function sign(count: number, fields: Record<string, string> = {}): Promise<string> {
    let thanks = ''
    for (let nth = 0; nth < count; nth++) {
      signed++
      const email = `signer-${signed}@example.org`
      thanks = await signAndConfirm(harness, { email, ...fields })
    }
    return thanks
  }
  const counted = async () =>
    ((await (await get(harness, API)).json()) as { signatures: { counted: number } }).signatures
      .counted
  const rows = async (by: string) =>
    (
      (await (await get(harness, `${API}/counts?by=${by}`)).json()) as {
        rows: { key: string; signatures: number }[]
      }
    ).rows
  const entriesOf = async () =>
    (await listEntries(harness)).filter((entry) => /^(sign|withdraw)\//.test(entry))
  /** Everything that outsiders see. */
  const everything = async () => {
    await setTimeout(KEPT_FOR_MS)
    return JSON.stringify([
      await counted(),
      ...(await Promise.all(['hour', 'day', 'country', 'language'].map(rows))),
      await (await get(harness, `${API}/counts.csv?by=country`)).text(),
      (await (await get(harness, PAGE)).text()).match(/Shown \d+/g),
      await entriesOf(),
    ])
  }

  it('sees nothing move for a single confirmation, or four', async () => {
    await harness.sequence()
    const before = await everything()
    for (let nth = 1; nth <= 4; nth++) {
      await sign(1, { country: 'LY', name: `Shown ${nth}`, display: 'name' })
      await harness.sequence()
      assert.equal(await everything(), before)
    }
    await sign(1, { country: 'LY', name: 'Shown 5', display: 'name' })
    assert.equal(await counted(), 5, 'the total is live once five more have confirmed')
    await setTimeout(KEPT_FOR_MS)
    assert.deepEqual(await rows('hour'), [])
    await harness.sequence()
    await setTimeout(KEPT_FOR_MS)
    assert.equal((await entriesOf()).length, 5)
    assert.deepEqual(await rows('country'), [{ key: 'other', signatures: 5 }])
    assert.match(await (await get(harness, PAGE)).text(), /Shown 3/)
  })

  it('but the reader who has just confirmed is in the number on the thanks page', async () => {
    const thanks = await sign(1)
    assert.match(await (await get(harness, thanks)).text(), /data-counted="1"/)
    assert.equal(await counted(), 0)
    assert.match(await (await get(harness, thanks)).text(), /within six hours/)
  })

  it('sees a thin batch after six hours, and the verify page says so', async () => {
    await sign(2)
    await harness.sequence()
    harness.clock.move(5 * HOUR)
    await harness.sequence()
    assert.deepEqual(await entriesOf(), [])
    assert.doesNotMatch(
      await (await get(harness, `${PAGE}/verify`)).text(),
      /after waiting for six hours/,
    )
    harness.clock.move(HOUR)
    await harness.sequence()
    assert.equal((await entriesOf()).length, 2)
    assert.match(await (await get(harness, `${PAGE}/verify`)).text(), /after waiting for six hours/)
    await checkPublicLog(harness)
  })

  it('sees no withdrawal by itself: its entry waits for others', async () => {
    await sign(6)
    await harness.sequence()
    await withdraw(harness, 'signer-2@example.org')
    await harness.sequence()
    assert.equal((await entriesOf()).length, 6)
    assert.equal(await counted(), 6)
    await sign(5)
    await harness.sequence()
    assert.equal((await entriesOf()).length, 12)
    assert.equal(await counted(), 10)
  })

  it('is shown nobody who left before the log had them, and learns the moment of no one’s leaving', async () => {
    await sign(5)
    assert.equal(await counted(), 5)
    await withdraw(harness, 'signer-2@example.org')
    assert.equal(await counted(), 5)
    for (const nth of [1, 3, 4, 5]) await withdraw(harness, `signer-${nth}@example.org`)
    await harness.sequence()
    harness.clock.move(6 * HOUR)
    assert.equal(await counted(), 0)
    await sign(4)
    assert.equal(await counted(), 0)
    await sign(1)
    assert.equal(await counted(), 5)
    await harness.sequence()
    assert.equal(await counted(), 5)
  })

  it('sees no batch of one that came when the sequencer had just looked', async () => {
    await harness.sequence()
    const { db } = harness.site
    const writer = await createLogWriter(harness.site)
    const ready = await holdThin(db, writer)
    await sign(1)
    await harness.seal()
    assert.equal(await takeBatch(db, writer, { ready: ready! }), 0)
    assert.deepEqual(await entriesOf(), [])
  })

  it('sees a country from ten to twenty signatures on, and then in steps', async () => {
    const seen: number[] = []
    for (let total = 10; total <= 60; total += 10) {
      await sign(10, { country: 'AZ' })
      harness.clock.move(MINUTE)
      await harness.sequence()
      await setTimeout(KEPT_FOR_MS)
      const cells = await rows('country')
      const sum = cells.reduce((all, { signatures }) => all + signatures, 0)
      assert.equal(sum, total)
      seen.push(cells.find(({ key }) => key === 'AZ')?.signatures ?? 0)
    }
    assert.ok(seen.at(-1)! >= 10, `${seen}`)
    assert.ok(
      seen.every((shown, nth) => shown % 5 === 0 && shown <= (nth + 1) * 10),
      `${seen}`,
    )
    assert.deepEqual(
      seen,
      [...seen].sort((a, b) => a - b),
    )
    const csv = await (await get(harness, `${API}/counts.csv?by=country`)).text()
    const xlsx = await get(harness, `${API}/counts.xlsx?by=country`)
    const cells = (await rows('country')).map(({ key, signatures }) => `${key},${signatures}`)
    assert.deepEqual(csv.trim().split('\r\n').slice(1), cells)
    const sheet = readXlsx(Buffer.from(await xlsx.arrayBuffer()))
    assert.deepEqual(
      sheet.slice(1).map((row) => row.map(({ value }) => value).join(',')),
      cells,
    )
  })

  it('of a live petition sees each confirmation, in the same log', async () => {
    const live = await startHarness({ LOG_MIN_BATCH: '5' }, { figures: 'live' })
    try {
      await signAndConfirm(live, { email: 'one@example.org' })
      const answer = await (await get(live, API)).json()
      assert.equal((answer as { signatures: { counted: number } }).signatures.counted, 1)
      await live.sequence()
      assert.equal((await listEntries(live)).filter((entry) => /^sign/.test(entry)).length, 1)
    } finally {
      await live.close()
    }
  })
})
