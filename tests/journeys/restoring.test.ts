import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { reconcileCounts } from '../../src/count/advance-counts.ts'
import { countOf } from '../../src/log/core/entry/count-entries.ts'
import { reconcileLog } from '../../src/log/reconcile-log.ts'
import { rebuildLog } from '../../src/restoring/rebuild-log.ts'
import { voidSignatures } from '../../src/signature/void-signatures.ts'
import { takeBackup } from '../support/backup.ts'
import { DEMO, getDemo } from '../support/demo.ts'
import { useFreshHarness } from '../support/harness.ts'
import { openAll } from '../support/open-export.ts'
import { checkPublicLog, readKeptLog } from '../support/public-log.ts'
import {
  confirm,
  counted,
  get,
  openWithdrawalMail,
  post,
  sign,
  signAndConfirm,
  signAndOpenMail,
  withdraw,
} from '../support/signer.ts'
import { TESTER } from '../support/tester.ts'

describe('after an older backup is restored', () => {
  const harness = useFreshHarness()

  async function rebuild() {
    const rebuilt = await harness.site.restoring.rebuild(null, TESTER)
    assert.ok(rebuilt, 'something was missing')
    return rebuilt
  }

  it('the node signs nothing, rebuilds its log from the public entries, and goes on', async () => {
    await signAndConfirm(harness, { email: 'before@example.org' })
    await harness.sequence()
    const restore = await takeBackup(harness)
    await signAndConfirm(harness, { email: 'after@example.org' })
    await harness.sequence()
    const { checkpoint } = await checkPublicLog(harness)

    await restore()
    assert.equal((await sign(harness, { email: 'meanwhile@example.org' })).status, 503)
    await assert.rejects(harness.sequence(), {
      name: 'Error',
      message: /log has 6 entries, and 7 were signed already .* "undersigned log rebuild"/,
    })
    const state = await harness.site.db.selectFrom('log_state').selectAll().executeTakeFirst()
    assert.equal(Number(state!.sequenced), 6, 'nothing was given a place either')

    assert.deepEqual(await rebuild(), {
      before: 6,
      after: 7,
      found: 1,
      confirmedAgain: 0,
      withdrawnAgain: 0,
      voidedAgain: 0,
      lost: 1,
      waiting: 0,
      paperAgain: 0,
      turnedAwayAgain: 0,
    })
    await signAndConfirm(harness, { email: 'meanwhile@example.org' })
    await harness.sequence()
    await harness.tally()
    const report = await checkPublicLog(harness, [checkpoint])
    assert.equal(report.checkpoint.size, 8)
    assert.equal(countOf(report.counter, DEMO), 3)
    assert.equal(await counted(harness), 3)
    assert.deepEqual(await reconcileCounts(harness.site.db), [])
    assert.deepEqual(await reconcileLog(harness.site.db), [])
    assert.deepEqual((await openAll(harness)).map(({ email }) => email).sort(), [
      'before@example.org',
      'meanwhile@example.org',
    ])
  })

  it('a signature that was withdrawn since is withdrawn again', async () => {
    await signAndConfirm(harness, { email: 'stays@example.org' })
    await signAndConfirm(harness, { email: 'leaves@example.org', display: 'name' })
    await harness.sequence()
    const restore = await takeBackup(harness)
    await withdraw(harness, 'leaves@example.org')
    await harness.sequence()
    const { checkpoint } = await checkPublicLog(harness)

    await restore()
    assert.equal((await openAll(harness)).length, 2, 'the backup knows the signer still')
    assert.equal((await rebuild()).withdrawnAgain, 1)
    await harness.sequence()
    await harness.tally()
    assert.deepEqual(
      (await openAll(harness)).map(({ email }) => email),
      ['stays@example.org'],
    )
    assert.equal((await checkPublicLog(harness, [checkpoint])).checkpoint.size, checkpoint.size)
    assert.equal(await counted(harness), 1)
    assert.deepEqual(await reconcileCounts(harness.site.db), [])
    assert.deepEqual(await reconcileLog(harness.site.db), [])
  })

  it('a signature that was voided since is voided again, sealed before the backup or not', async () => {
    await signAndConfirm(harness, { email: 'stays@example.org' })
    await signAndConfirm(harness, { email: 'sealed@example.org' })
    await harness.sequence()
    await signAndConfirm(harness, { email: 'unsealed@example.org', display: 'name' })
    const restore = await takeBackup(harness)
    await harness.sequence()
    const { db } = harness.site
    const petition = await getDemo(harness)
    await db
      .transaction()
      .execute((trx) =>
        voidSignatures(trx, { ...harness.site, by: TESTER }, petition, [6, 7], 'bot'),
      )
    await harness.sequence()
    const { checkpoint } = await checkPublicLog(harness)

    await restore()
    const { voidedAgain, lost } = await rebuild()
    assert.deepEqual({ voidedAgain, lost }, { voidedAgain: 2, lost: 0 })
    await harness.sequence()
    await harness.tally()
    const again = await checkPublicLog(harness, [checkpoint])
    assert.equal(again.checkpoint.size, checkpoint.size, 'no entry comes twice')
    assert.equal(await counted(harness), 1)
    const names = await harness.site.db.selectFrom('public_name').selectAll().execute()
    assert.deepEqual(names, [])
    assert.deepEqual(await reconcileCounts(harness.site.db), [])
    assert.deepEqual(await reconcileLog(harness.site.db), [])
  })

  it('who had confirmed since is confirmed again, with all that was signed', async () => {
    const link = await signAndOpenMail(harness, { email: 'late@example.org', display: 'name' })
    await signAndConfirm(harness, { email: 'unsealed@example.org' })
    const restore = await takeBackup(harness)
    await confirm(harness, link)
    await harness.sequence()
    const { checkpoint, counter } = await checkPublicLog(harness)
    assert.equal(countOf(counter, DEMO), 2)

    await restore()
    const { confirmedAgain, lost, after } = await rebuild()
    assert.deepEqual({ confirmedAgain, lost, after }, { confirmedAgain: 1, lost: 0, after: 7 })
    await harness.sequence()
    await harness.tally()
    assert.equal((await checkPublicLog(harness, [checkpoint])).checkpoint.size, 7, 'none twice')
    assert.equal(await counted(harness), 2)
    assert.equal((await openAll(harness)).length, 2)
    assert.deepEqual(await reconcileCounts(harness.site.db), [])
    assert.deepEqual(await reconcileLog(harness.site.db), [])
  })

  it('the mailed link of a lost signature opens nothing, and nobody else’s', async () => {
    await harness.sequence()
    const restore = await takeBackup(harness)
    await signAndConfirm(harness, { email: 'lost@example.org' })
    await harness.sequence()
    const link = await openWithdrawalMail(harness, 'lost@example.org')
    await restore()
    await rebuild()
    await signAndConfirm(harness, { email: 'new@example.org' })
    assert.equal((await get(harness, link)).status, 404)
    assert.equal((await post(harness, link, {})).status, 404)
    await harness.tally()
    assert.equal(await counted(harness), 2, 'the old link reaches nobody')
  })

  it('a copy with a changed byte is refused, and nothing is changed', async () => {
    await signAndConfirm(harness)
    await harness.sequence()
    const restore = await takeBackup(harness)
    await signAndConfirm(harness, { email: 'after@example.org' })
    await harness.sequence()
    const path = join(harness.site.config.dataDir, 'log/tile/entries/000.p/7')
    const bundle = await readFile(path)
    // Still base64, so that the entry stays one of a known form and only its hash differs.
    const at = bundle.length - 5
    bundle.write(bundle.toString('latin1', at, at + 1) === 'B' ? 'C' : 'B', at, 'latin1')
    await writeFile(path, bundle)
    await restore()
    await assert.rejects(rebuild(), {
      message: /the copy can't be used: tile\/entries\/000\.p\/7: entry 6 is not the one/,
    })
    const state = await harness.site.db.selectFrom('log_state').selectAll().executeTakeFirst()
    assert.equal(Number(state!.sequenced), 6)
  })

  it('a source that lacks what was signed is refused, and nothing is changed', async () => {
    await harness.sequence()
    const old = await readKeptLog(harness)
    await signAndConfirm(harness)
    await harness.sequence()
    const before = await checkPublicLog(harness)
    const { getBundle, checkpoint, note } = old
    const copy = { source: { getBundle, checkpoint: note }, checkpoint, tagsFile: null }
    await assert.rejects(rebuildLog({ ...harness.site, by: TESTER }, copy), {
      message: /the copy has 5 entries, and 6 were signed/,
    })
    assert.deepEqual((await checkPublicLog(harness)).checkpoint, before.checkpoint)
  })
})
