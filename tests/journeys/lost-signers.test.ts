import assert from 'node:assert/strict'
import { readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, it } from 'node:test'
import { reconcileCounts } from '../../src/count/advance-counts.ts'
import { countOf } from '../../src/log/core/entry/count-entries.ts'
import { logFolder, tagsFile } from '../../src/log/log-folder.ts'
import { keepTags } from '../../src/log/mailbox-tags.ts'
import { reconcileLog } from '../../src/log/reconcile-log.ts'
import { voidSignatures } from '../../src/signature/void-signatures.ts'
import { takeBackup } from '../support/backup.ts'
import { DEMO, getDemo } from '../support/demo.ts'
import { useFreshHarness } from '../support/harness.ts'
import { openAll } from '../support/open-export.ts'
import { runProgram } from '../support/program.ts'
import { checkPublicLog } from '../support/public-log.ts'
import {
  confirm,
  counted,
  get,
  openWithdrawalMail,
  post,
  signAndConfirm,
  signAndOpenMail,
} from '../support/signer.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { TESTER } from '../support/tester.ts'

const TAG_BYTES = 16

describe('a signer whose row was lost with the database', () => {
  const harness = useFreshHarness()
  let state: string
  beforeEach(async () => {
    state = temporaryFolder()
  })

  /** Signs, and is forgotten but by the log. */
  async function lose(email: string) {
    await harness.sequence()
    const restore = await takeBackup(harness)
    await signAndConfirm(harness, { email })
    await harness.sequence()
    await restore()
    assert.equal((await harness.site.restoring.rebuild(null, TESTER))!.lost, 1)
    await harness.tally()
  }

  async function assertCount(count: number) {
    await harness.sequence()
    await harness.tally()
    const report = await checkPublicLog(harness)
    assert.equal(countOf(report.counter, DEMO), count)
    assert.equal(await counted(harness), count)
    assert.deepEqual(await reconcileCounts(harness.site.db), [])
    assert.deepEqual(await reconcileLog(harness.site.db), [])
    const outcome = await runProgram(['verify', harness.origin, '--state', state], {}).ended
    assert.equal(outcome.code, 0, outcome.output + outcome.errors)
    return report
  }

  async function askToWithdraw(email: string): Promise<string> {
    return openWithdrawalMail(harness, email)
  }

  const keptTag = async (index: number) =>
    (await readFile(tagsFile(harness.site.config))).subarray(
      index * TAG_BYTES,
      (index + 1) * TAG_BYTES,
    )
  const isKept = async (index: number) => !(await keptTag(index)).equals(Buffer.alloc(TAG_BYTES))

  it('signs again and counts once, in the figures, the rows and the log', async () => {
    await lose('lost@example.org')
    await assertCount(1)
    const link = await signAndOpenMail(harness, { email: 'lost@example.org', display: 'name' })
    assert.doesNotMatch(await (await get(harness, link)).text(), /already signed/i)
    assert.equal((await confirm(harness, link)).status, 303)
    const { checkpoint } = await assertCount(1)
    assert.equal(checkpoint.size, 8, 'a withdraw entry and a new one')
    assert.deepEqual(
      (await openAll(harness)).map(({ email }) => email),
      ['lost@example.org'],
    )
    assert.deepEqual([await isKept(5), await isKept(6), await isKept(7)].sort(), [
      false,
      false,
      true,
    ])

    const again = await signAndOpenMail(harness, { email: 'lost@example.org' })
    assert.match(await (await get(harness, again)).text(), /already signed/i)
    await confirm(harness, again)
    await assertCount(1)
  })

  it('signs again in several forms at the same moment and counts once', async () => {
    await lose('lost@example.org')
    const links = [
      await signAndOpenMail(harness, { email: 'lost@example.org', updates: 'yes' }),
      await signAndOpenMail(harness, { email: 'LOST@example.org' }),
    ]
    await Promise.all([...links, ...links].map((link) => confirm(harness, link)))
    await assertCount(1)
  })

  it('counts once, too, where a node took the new signature before the rebuild', async () => {
    await harness.sequence()
    const restore = await takeBackup(harness)
    await signAndConfirm(harness, { email: 'lost@example.org' })
    await harness.sequence()
    await restore()
    const lastSigned = join(logFolder(harness.site.config), 'last-signed')
    // In the second before a node looks; here it looks at every request.
    await rename(lastSigned, join(state, 'last-signed'))
    await signAndConfirm(harness, { email: 'lost@example.org' })
    await rename(join(state, 'last-signed'), lastSigned)
    assert.equal((await harness.site.restoring.rebuild(null, TESTER))!.lost, 1)
    await assertCount(1)
  })

  it('withdraws by the mailed link', async () => {
    await lose('lost@example.org')
    const link = await askToWithdraw('lost@example.org')
    assert.equal((await post(harness, link, {})).status, 303)
    await assertCount(0)
  })

  it('counts once after a second restore and a second rebuild', async () => {
    await lose('lost@example.org')
    await lose('another@example.org')
    await assertCount(2)
    const restore = await takeBackup(harness)
    await signAndConfirm(harness, { email: 'lost@example.org' })
    await assertCount(2)
    await restore()
    const { lost, withdrawnAgain } = (await harness.site.restoring.rebuild(null, TESTER))!
    assert.deepEqual({ lost, withdrawnAgain }, { lost: 1, withdrawnAgain: 1 })
    await assertCount(2)
    await signAndConfirm(harness, { email: 'lost@example.org' })
    await assertCount(2)
  })

  it('counts twice at worst where the node’s file is gone, and nothing else is wrong', async () => {
    await harness.sequence()
    const restore = await takeBackup(harness)
    await signAndConfirm(harness, { email: 'lost@example.org' })
    await harness.sequence()
    await restore()
    await rm(tagsFile(harness.site.config))
    await harness.site.restoring.rebuild(null, TESTER)
    await signAndConfirm(harness, { email: 'lost@example.org' })
    await assertCount(2)
  })

  it('has no tag in the file any more once the log withdraws or voids the signature', async () => {
    await signAndConfirm(harness, { email: 'leaves@example.org' })
    await harness.sequence()
    await signAndConfirm(harness, { email: 'struck@example.org' })
    await harness.sequence()
    assert.deepEqual([await isKept(4), await isKept(5), await isKept(6)], [false, true, true])
    await post(harness, await askToWithdraw('leaves@example.org'), {})
    const { db } = harness.site
    const petition = await getDemo(harness)
    await db
      .transaction()
      .execute((trx) => voidSignatures(trx, { ...harness.site, by: TESTER }, petition, [6], 'bot'))
    await harness.sequence()
    assert.deepEqual([await isKept(5), await isKept(6)], [false, false])
  })

  it('is known to a node that was away, once it has caught up', async () => {
    await signAndConfirm(harness, { email: 'one@example.org' })
    await harness.sequence()
    await signAndConfirm(harness, { email: 'two@example.org' })
    await harness.sequence()
    const away = join(state, 'mailbox-tags')
    await keepTags(harness.site.db, away, 5)
    await keepTags(harness.site.db, away, 7)
    assert.deepEqual(await readFile(away), await readFile(tagsFile(harness.site.config)))
  })
})
