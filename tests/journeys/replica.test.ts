import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { type Harness, startHarness, throughPort } from '../support/harness.ts'
import { listEntries } from '../support/public-log.ts'
import { get, signAndConfirm } from '../support/signer.ts'
import { runSql } from '../support/test-database.ts'
import { until } from '../support/until.ts'

const API = '/api/v1/petitions/cop29-baku'
/** What the API says by country is made anew after that. */
const KEPT_FOR_MS = 1000

/**
 * The "replica" is a site of its own with other figures, so that an answer tells who was asked. Real
 * replication, and a replica that is killed, are in tests/scale.
 */
describe('public reads with a replica', () => {
  let primary: Harness
  let replica: Harness
  let watch: { stop(): Promise<void> } | undefined

  before(async () => {
    replica = await startHarness()
    primary = await startHarness(
      {},
      { replicaUrl: throughPort(replica.databaseUrl, replica.wire.port) },
    )
    await signAndConfirm(primary, { email: 'primary@example.org' })
    for (const name of ['one', 'two', 'three']) {
      await signAndConfirm(replica, { email: `${name}@example.org`, display: 'name' })
    }
  })
  after(async () => {
    await watch?.stop()
    await primary.close()
    await replica.close()
  })

  const shown = async () =>
    ((await (await get(primary, API)).json()) as { signatures: { counted: number } }).signatures
      .counted

  const shownByCountry = async () =>
    ((await (await get(primary, `${API}/counts?by=country`)).json()) as { counted: number }).counted

  const untilShown = (count: number) => until(async () => (await shown()) === count)

  const told = (text: string) => primary.logged.filter((line) => line.includes(text)).length

  it('asks the replica for figures and names once it is seen to keep up', async () => {
    assert.equal(await shown(), 1)
    watch = primary.site.publicReads.watch()
    await untilShown(3)
    assert.match(await (await get(primary, '/en/p/cop29-baku')).text(), /Leyla Yunus/)
    assert.equal(await shownByCountry(), 3)
  })

  it('never asks it what a signer has just done', async () => {
    const thanks = await signAndConfirm(primary, { email: 'next@example.org' })
    assert.equal((await get(primary, thanks)).status, 200)
    // At once, but where the replica was slow to answer a moment ago.
    await untilShown(3)
  })

  it('asks the primary for a tile that the replica lacks yet', async () => {
    await primary.sequence()
    assert.ok((await listEntries(primary)).length >= 2)
  })

  it('does not let a count go back when the replica falls behind it', async () => {
    await runSql(replica.databaseUrl, "delete from tally where key = 'confirmed'")
    assert.equal(await shown(), 2)
    await setTimeout(KEPT_FOR_MS)
    assert.equal(await shownByCountry(), 2)
  })

  it('asks the primary at once when the replica is away, and says so once', async () => {
    await signAndConfirm(replica, { email: 'four@example.org' })
    await replica.sequence()
    await runSql(replica.databaseUrl, "update tally set signatures = 4 where key = 'confirmed'")
    await untilShown(4)
    const [lost, found] = ['the replica is not read from', 'public reads go to the replica']
    const before = [told(lost), told(found)] as const
    await replica.wire.cut()
    await signAndConfirm(primary, { email: 'away@example.org' })
    for (let asked = 0; asked < 5; asked++) assert.equal(await shown(), 3)
    assert.equal(told(lost), before[0] + 1)
    await replica.wire.mend()
    await untilShown(4)
    assert.equal(told(found), before[1] + 1)
  })

  it('goes on with the replica while the primary is away', async () => {
    await primary.wire.cut()
    await setTimeout(2500)
    await runSql(replica.databaseUrl, "update tally set signatures = 5 where key = 'confirmed'")
    assert.equal(await shown(), 5)
    await primary.wire.mend()
  })
})
