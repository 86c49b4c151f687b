import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { addLogCommands } from '../../src/commands/log.ts'
import { addPaperCommands } from '../../src/commands/paper.ts'
import { logFolder } from '../../src/log/log-folder.ts'
import { raiseMark } from '../../src/restoring/database-mark.ts'
import { takeBackup } from '../support/backup.ts'
import { DEMO, getDemo } from '../support/demo.ts'
import { type Harness, useFreshHarness } from '../support/harness.ts'
import { checkPublicLog } from '../support/public-log.ts'
import { runCommand } from '../support/run-command.ts'
import { get, signAndConfirm } from '../support/signer.ts'
import { agreed, TESTER } from '../support/tester.ts'

const RULE = { traits: { country: ['AZ'] }, since: null, until: null }

describe('what else the log remembers, after an older backup is restored', () => {
  const harness = useFreshHarness({ TRUST_PROXY: 'loopback' }, { guard: true })
  const rebuild = () => harness.site.restoring.rebuild(null, TESTER)
  const totals = async () => {
    await harness.site.scrutiny.lookForAnomalies()
    return harness.site.scrutiny.totals(await getDemo(harness))
  }

  it('signatures on paper: their number is back, their scan is not, and it is said', async () => {
    await addSheets(harness, 100)
    await harness.sequence()
    await addSheets(harness, 30)
    const restore = await takeBackup(harness)
    await addSheets(harness, 7)
    await harness.sequence()
    const { checkpoint } = await checkPublicLog(harness)
    await restore()

    const { output } = await runCommand(harness.site, addLogCommands, ['log', 'rebuild'])
    assert.match(
      output,
      /7 signatures on paper, added after the backup: the number is back, the sealed scan/,
    )
    const { paper } = (await (await get(harness, `/api/v1/petitions/${DEMO}`)).json()) as {
      paper: number
    }
    assert.equal(paper, 137)
    const listed = await runCommand(harness.site, addPaperCommands, ['paper', 'list', DEMO])
    assert.match(listed.output, /7\t\t\tlost: only the log has its number and hash\t[0-9a-f]{64}/)
    const petition = await getDemo(harness)
    const lost = (await harness.site.papers.list(petition)).at(-1)!
    assert.equal(await harness.site.papers.export(petition, lost.id, TESTER), null)
    await harness.sequence()
    const { counter } = await checkPublicLog(harness, [checkpoint])
    assert.equal(counter.petitions.get(DEMO)!.paper, 137, 'no entry comes twice')
    assert.equal(counter.size, checkpoint.size)
    assert.deepEqual((await harness.site.db.selectFrom('action').select('what').execute()).at(-1), {
      what: 'log rebuild',
    })
  })

  for (const hasGrown of [true, false]) {
    const how = hasGrown ? 'lacks entries' : 'lacks nothing'
    it(`no invitation that waited goes out a second time, of a log that ${how}`, async () => {
      await inviteAnn(harness)
      await harness.sequence()
      const restore = await takeBackup(harness)
      if (hasGrown) await signAndConfirm(harness, { email: 'since@example.org' })
      await harness.sequence()
      await raiseMark(harness.site.db, logFolder(harness.site.config))
      await restore()
      assert.equal((await rebuild()) !== null, hasGrown)
      const { db } = harness.site
      assert.deepEqual(await db.selectFrom('invitation').select('language').execute(), [])
      assert.deepEqual(await db.selectFrom('imported').select('invited').execute(), [
        { invited: true },
      ])
    })
  }

  it('how many were turned away: two batches in the same words are two', async () => {
    await turnAway(harness, 'one@example.org')
    await harness.sequence()
    await turnAway(harness, 'two@example.org')
    const restore = await takeBackup(harness)
    await harness.sequence()
    await restore()
    assert.equal((await rebuild())!.turnedAwayAgain, 0)
    await harness.sequence()
    const { counter } = await checkPublicLog(harness)
    assert.equal(counter.petitions.get(DEMO)!.turnedAway, 2, 'none twice, and none forgotten')
    assert.equal((await totals()).turnedAway, 2)
  })

  it('how many were turned away since: the public total is the log’s own', async () => {
    await turnAway(harness, 'before@example.org')
    await harness.sequence()
    const restore = await takeBackup(harness)
    await turnAway(harness, 'since@example.org')
    await harness.sequence()
    await restore()
    assert.equal((await rebuild())!.turnedAwayAgain, 1)
    assert.equal((await totals()).turnedAway, 2)
    assert.equal((await checkPublicLog(harness)).counter.petitions.get(DEMO)!.turnedAway, 2)
  })

  it('an entry that waited in the backup goes on, although an older one has the same words', async () => {
    await turnAway(harness, 'one@example.org')
    await harness.sequence()
    await turnAway(harness, 'two@example.org')
    const restore = await takeBackup(harness)
    await restore()
    await harness.site.restoring.rebuild(join(harness.site.config.dataDir, 'log'), TESTER)
    await harness.sequence()
    assert.equal((await checkPublicLog(harness)).counter.petitions.get(DEMO)!.turnedAway, 2)
    assert.equal((await totals()).turnedAway, 2)
  })
})

async function inviteAnn(harness: Harness): Promise<void> {
  const { imports, config } = harness.site
  const petition = await getDemo(harness)
  const path = join(config.dataDir, 'people.csv')
  await writeFile(path, 'name,email\nAnn Lee,ann@example.org\n')
  const { signal } = new AbortController()
  const about = { path, origin: 'csv', signal, onBytes: () => {}, onRows: () => {} } as const
  const survey = await imports.survey(petition, about)
  await imports.takeIn(petition, { ...about, survey }, TESTER)
  const batch = (await imports.list(petition))[0]!
  await imports.invite(
    petition,
    { ...about, batch, perMinute: 600, language: null },
    TESTER,
    agreed,
  )
}

async function addSheets(harness: Harness, signatures: number): Promise<void> {
  async function* scan() {
    yield Buffer.from(`the scan of ${signatures}`)
  }
  const paper = { signatures, place: 'Berlin', collectedOn: '2024-03-01', scan: scan() }
  await harness.site.papers.add(await getDemo(harness), paper, TESTER, agreed)
}

/** One that nobody has sealed yet, so that the log has never counted it. */
async function turnAway(harness: Harness, email: string): Promise<void> {
  const petition = await getDemo(harness)
  const { scrutiny } = harness.site
  await harness.site.intakeGuard.readDay()
  await signAndConfirm(harness, { email, country: 'AZ' })
  const choice = {
    rule: RULE,
    reason: 'bot' as const,
    isStanding: false,
    by: TESTER,
    agree: agreed,
  }
  const { id, signatures } = await scrutiny.start(petition, choice)
  assert.equal(signatures, 1)
  await scrutiny.planVoid(petition, id, TESTER, agreed)
  harness.clock.move(61 * 60_000)
  await scrutiny.keepQuarantines()
}
