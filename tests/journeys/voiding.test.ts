import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { reconcileCounts } from '../../src/count/advance-counts.ts'
import { countOf } from '../../src/log/core/entry/count-entries.ts'
import { reconcileLog } from '../../src/log/reconcile-log.ts'
import { parseExportLine } from '../../src/sealing/record/export-file.ts'
import { voidSignatures } from '../../src/signature/void-signatures.ts'
import { DEMO, getDemo } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { demoIdentity, exportSealed, openExport } from '../support/open-export.ts'
import { runProgram } from '../support/program.ts'
import { checkPublicLog, listEntries } from '../support/public-log.ts'
import { counted, get, openWithdrawalMail, post, signAndConfirm } from '../support/signer.ts'
import { TESTER } from '../support/tester.ts'

describe('organisers striking signatures', () => {
  const harness = useHarness()
  let entries: Record<string, number>
  before(async () => {
    for (const who of ['stays', 'twice', 'leaves', 'robot', 'regrets']) {
      await signAndConfirm(harness, {
        email: `${who}@example.org`,
        name: `Shown ${who}`,
        display: 'name',
        comment: `Said by ${who}`,
        updates: 'yes',
      })
    }
    await harness.sequence()
    entries = await entriesByPerson()
  })

  /** As organisers find them: in the opened export, beside each signer. */
  async function entriesByPerson(): Promise<Record<string, number>> {
    const lines = await exportSealed(harness)
    const opened = await openExport(lines, await demoIdentity(harness))
    return Object.fromEntries(
      opened.map((each, at) => {
        const { email } = (each as { record: { email: string } }).record
        return [email.split('@')[0]!, parseExportLine(lines[at + 1]!)!.index!]
      }),
    )
  }

  const withdrawLink = (who: string) => openWithdrawalMail(harness, `${who}@example.org`)

  const run = (...line: string[]) => runProgram(['void', ...line], harness.environment).ended

  const figures = async () => {
    const answer = await get(harness, `/api/v1/petitions/${DEMO}`)
    const { signatures, log } = (await answer.json()) as {
      signatures: Record<string, number>
      log: { certified: number }
    }
    return { ...signatures, certified: log.certified }
  }

  it('is only told of, until --yes is given', async () => {
    const { code, output, errors } = await run(DEMO, `${entries.twice}`, '--reason', 'duplicate')
    assert.equal(code, 1, 'a script must not take it for done')
    assert.match(output, /^1 signature of cop29-baku would be voided \(duplicate\)\.$/m)
    assert.match(errors, /nothing was voided: add --yes/)
    await harness.tally()
    assert.equal(await counted(harness), 5)
  })

  it('takes them out of every count, and the log says why but not whose', async () => {
    const list = `${entries.twice},${entries.robot}`
    const { code, output, errors } = await run(DEMO, list, '--reason', 'duplicate', '--yes')
    assert.equal(code, 0, errors)
    assert.match(output, /^2 signatures of cop29-baku are voided \(duplicate\)\.$/m)
    await harness.tally()
    await harness.sequence()
    assert.deepEqual(await figures(), {
      confirmed: 5,
      withdrawn: 0,
      voided: 2,
      counted: 3,
      certified: 3,
    })
    const { counter } = await checkPublicLog(harness)
    assert.equal(countOf(counter, DEMO), 3)
    const voids = (await listEntries(harness)).filter((entry) => entry.startsWith('void/'))
    assert.deepEqual(
      voids.sort(),
      [entries.twice, entries.robot].map((index) => `void/v1 ${DEMO} ${index} duplicate`).sort(),
    )
    assert.deepEqual(await reconcileCounts(harness.site.db), [])
    assert.deepEqual(await reconcileLog(harness.site.db), [])
  })

  it('hides what the page showed of them, and mails them no more', async () => {
    const page = await (await get(harness, `/en/p/${DEMO}`)).text()
    assert.match(page, /Shown stays/)
    assert.doesNotMatch(page, /Shown (twice|robot)/)
    const { db } = harness.site
    assert.equal((await db.selectFrom('comment').selectAll().execute()).length, 3)
    assert.equal((await db.selectFrom('subscriber').selectAll().execute()).length, 3)
  })

  it('happens once, and says of each other entry why it was left alone', async () => {
    await post(harness, await withdrawLink('leaves'), {})
    await harness.sequence()
    const list = [entries.twice, entries.leaves, 0, 4711, entries.robot].join(',')
    const { code, output, errors } = await run(DEMO, list, '--reason', 'bot', '--yes')
    assert.equal(code, 1)
    assert.match(errors, /^undersigned: none of these entries is a signature that counts$/m)
    assert.match(output, new RegExp(`voided before: ${entries.twice}, ${entries.robot}$`, 'm'))
    assert.match(output, new RegExp(`withdrawn by the signer: ${entries.leaves}$`, 'm'))
    assert.match(output, /no signature: 0$/m)
    assert.match(output, /beyond the end of the log: 4711$/m)
    await harness.tally()
    await harness.sequence()
    assert.deepEqual(await figures(), {
      confirmed: 5,
      withdrawn: 1,
      voided: 2,
      counted: 2,
      certified: 2,
    })
    assert.deepEqual(await reconcileCounts(harness.site.db), [])
    assert.deepEqual(await reconcileLog(harness.site.db), [])
  })

  it('leaves the signer the right to be erased, which adds no entry and changes no count', async () => {
    const before = await listEntries(harness)
    const link = await withdrawLink('twice')
    assert.doesNotMatch(await (await get(harness, link)).text(), /is withdrawn/)
    await post(harness, link, {})
    await post(harness, link, {})
    assert.match(await (await get(harness, link)).text(), /is withdrawn/)
    await harness.tally()
    await harness.sequence()
    assert.deepEqual(await listEntries(harness), before)
    assert.equal(await counted(harness), 2)
    assert.deepEqual(await reconcileCounts(harness.site.db), [])
    assert.deepEqual(await reconcileLog(harness.site.db), [])
    assert.equal((await entriesByPerson()).twice, undefined, 'the sealed record is gone')
    const rows = await harness.site.db
      .selectFrom('signature')
      .select(['state', 'tag', 'country'])
      .where('withdrawn_at', 'is not', null)
      .orderBy('state')
      .execute()
    assert.deepEqual(rows, [
      { state: 'withdrawn', tag: null, country: null },
      { state: 'voided', tag: null, country: null },
    ])
  })

  it('meeting a withdrawal at the same moment, takes one of the two off', async () => {
    const { db } = harness.site
    const petition = await getDemo(harness)
    const link = await withdrawLink('regrets')
    const strike = () =>
      db
        .transaction()
        .execute((trx) =>
          voidSignatures(
            trx,
            { ...harness.site, by: TESTER },
            petition,
            [entries.regrets!],
            'request',
          ),
        )
    await Promise.all([strike(), post(harness, link, {}), strike(), post(harness, link, {})])
    await harness.tally()
    await harness.sequence()
    assert.equal(await counted(harness), 1)
    assert.equal((await figures()).certified, 1)
    const { counter } = await checkPublicLog(harness)
    assert.equal(countOf(counter, DEMO), 1)
    assert.deepEqual(await reconcileCounts(db), [])
    assert.deepEqual(await reconcileLog(db), [])
  })

  it('is refused for what is no petition, no reason and no number', async () => {
    assert.equal((await run(DEMO, '5', '--reason', 'dislike', '--yes')).code, 2)
    assert.equal((await run(DEMO, '5', '--yes')).code, 2)
    const nowhere = await run('nowhere', '5', '--reason', 'bot')
    assert.equal(nowhere.code, 1)
    assert.match(nowhere.errors, /there is no petition "nowhere"/)
    assert.match((await run(DEMO, 'all', '--reason', 'bot')).errors, /all can't be read: it is not/)
  })
})
