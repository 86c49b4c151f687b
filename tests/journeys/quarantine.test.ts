import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { addQuarantineCommands } from '../../src/commands/quarantine.ts'
import { reconcileCounts } from '../../src/count/advance-counts.ts'
import { reconcileLog } from '../../src/log/reconcile-log.ts'
import { HOUR, MINUTE } from '../../src/platform/clock.ts'
import { addJob } from '../../src/platform/jobs/add-job.ts'
import { DEMO } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { demoIdentity, openExport } from '../support/open-export.ts'
import { checkPublicLog, listEntries } from '../support/public-log.ts'
import { runCommand } from '../support/run-command.ts'
import { confirm, form, get, mailedPath, post, withdraw } from '../support/signer.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

describe('signatures in quarantine', () => {
  const harness = useHarness({ TRUST_PROXY: 'loopback' }, { guard: true })

  const signAs = async (email: string, address: string, fields = {}) => {
    const answer = await post(
      harness,
      `/en/p/${DEMO}/signatures`,
      form({ email, display: 'name', ...fields }),
      { 'x-forwarded-for': address, 'user-agent': FIREFOX, 'accept-language': 'en-GB,en' },
    )
    assert.equal(answer.status, 303)
    harness.clock.move(MINUTE)
    await harness.work()
    await confirm(harness, mailedPath(harness, email, 'confirm'))
  }
  const job = async (task: string) => {
    await addJob(harness.site.db, task, {})
    await harness.work()
  }
  const command = (line: readonly string[]) =>
    runCommand(harness.site, addQuarantineCommands, ['quarantine', ...line])
  const run = async (...line: string[]) => {
    const { code, output, errors } = await command(line)
    assert.equal(code, 0, errors)
    return output
  }
  const figures = async () => {
    await harness.tally()
    const answer = await get(harness, `/api/v1/petitions/${DEMO}`)
    const { signatures } = (await answer.json()) as { signatures: Record<string, number> }
    return signatures
  }
  const inBalance = async () => {
    await harness.tally()
    assert.deepEqual(await reconcileCounts(harness.connection.db), [])
    await harness.sequence()
    assert.deepEqual(await reconcileLog(harness.connection.db), [])
    await checkPublicLog(harness)
  }
  const page = async () => (await get(harness, `/en/p/${DEMO}`)).text()

  before(async () => {
    await harness.site.intakeGuard.readDay()
    for (let nth = 0; nth < 4; nth++) {
      const name = `Robot Number${'abcd'[nth]}`
      await signAs(`bot${nth}@farm.example`, `203.0.113.${nth}`, { name, country: 'FR' })
      if (nth === 1) await harness.sequence()
    }
    await signAs('person@gmail.com', '198.51.100.7', { name: 'Honest Person' })
  })

  it('are counted and drawn by what their forms have in common, and nothing changes', async () => {
    const output = await run('count', DEMO, '--where', 'domain=shared')
    assert.match(output, /^forms\t4 of 5$/m)
    assert.match(output, /^signatures that count\t4, 2 of them in the public log$/m)
    const sample = await run('sample', DEMO, '--where', 'network=shared', '--where', 'country=FR')
    assert.match(sample, /^4 signatures\.$/m)
    assert.match(sample, /client=firefox linux same/)
    assert.match(sample, /name=latin 2 proper/)
    assert.doesNotMatch(sample, /farm|bot|Robot|203\.0/)
    const started = await command(['start', DEMO, '--where', 'domain=shared'])
    assert.match(started.output, /^signatures that count\t4,/m)
    assert.equal(started.code, 1, 'a script must not take it for done')
    assert.match(started.errors, /^nothing was done: add --yes/)
    assert.equal((await figures()).counted, 5)
  })

  it('are opened offline from a sample by those who hold the key', async () => {
    const file = join(temporaryFolder(), 'sample.jsonl')
    await harness.sequence()
    await run('sample', DEMO, '--where', 'domain=shared', '--size', '2', '--out', file)
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
    const opened = await openExport(lines, await demoIdentity(harness))
    assert.equal(opened.length, 2)
    assert.match(JSON.stringify(opened), /@farm\.example/)
  })

  it('count no more and show no name, those in the log too; the log changes only once they are voided', async () => {
    const entries = (await listEntries(harness)).length
    const output = await run('start', DEMO, '--where', 'domain=shared', '--standing', '--yes')
    assert.match(output, /Quarantine 1 holds 4 signatures/)
    assert.deepEqual(await figures(), { confirmed: 1, withdrawn: 0, voided: 0, counted: 1 })
    assert.doesNotMatch(await page(), /Robot/)
    await inBalance()
    assert.equal((await listEntries(harness)).length, entries)
  })

  it('take those that come later, before the log has them', async () => {
    await signAs('bot9@farm.example', '203.0.113.9', { name: 'Robot Last', country: 'FR' })
    await job('keep-quarantines')
    await inBalance()
    assert.equal((await figures()).counted, 1)
    assert.match(await run('list', DEMO), /^1\t5\tstanding\tbot\t/m)
  })

  it('go on for their signers as before: nothing tells them, and they can withdraw', async () => {
    const link = mailedPath(harness, 'bot1@farm.example', 'confirm')
    const answer = await get(harness, link)
    assert.equal(answer.status, 303)
    assert.match(answer.headers.get('location')!, /^\/en\/signature\//)
    await withdraw(harness, 'bot1@farm.example')
    assert.deepEqual(await figures(), { confirmed: 2, withdrawn: 1, voided: 0, counted: 1 })
    assert.match(await run('list', DEMO), /^1\t4\t/m)
    await inBalance()
  })

  it('can be released while they wait to be voided, and count again with a name and an entry', async () => {
    const asked = await command(['void', DEMO, '1'])
    assert.match(asked.output, /4 signatures of .* would be voided/)
    assert.equal(asked.code, 1, 'a script must not take it for done')
    assert.match(await run('void', DEMO, '1', '--yes'), /^They are voided at /)
    harness.clock.move(HOUR - MINUTE)
    await job('keep-quarantines')
    assert.match(await run('release', DEMO, '1'), /^4 signatures count again/m)
    harness.clock.move(2 * MINUTE)
    await job('keep-quarantines')
    assert.equal((await figures()).counted, 5)
    assert.match(await page(), /Robot Last/)
    await inBalance()
    const { code, errors } = await command(['void', DEMO, '1', '--yes'])
    assert.equal(code, 1)
    assert.match(errors, /quarantine 1 has ended/)
  })

  it('are voided after an hour, and the log says how many it never counted', async () => {
    await signAs('bot10@farm.example', '203.0.113.10', { name: 'Robot New', country: 'FR' })
    await run('start', DEMO, '--where', 'domain=shared', '--reason', 'bot', '--yes')
    await run('void', DEMO, '2', '--yes')
    harness.clock.move(HOUR)
    await job('keep-quarantines')
    assert.equal((await figures()).counted, 1)
    await inBalance()
    const entries = await listEntries(harness)
    assert.equal(entries.filter((entry) => entry.startsWith('void/v1 ')).length, 4)
    assert.ok(entries.includes(`turned-away/v1 ${DEMO} 1 bot`))
    await job('look-for-anomalies')
    const answer = await get(harness, `/api/v1/petitions/${DEMO}`)
    const { scrutiny } = (await answer.json()) as { scrutiny: Record<string, number> }
    assert.deepEqual(scrutiny, { received: 0, quarantined: 0, turnedAway: 1 })
  })

  it('refuses rules that would fit everybody or nothing that exists, in one line', async () => {
    const refused = [
      [['count', DEMO, '--where', 'shoe=42'], /"shoe" is no trait: there are country/],
      [['count', DEMO, '--where', 'domain='], /lacks a value/],
      [['count', DEMO, '--where', 'domain=shared', '--since', 'noon'], /--since takes a time/],
      [['release', DEMO, '77'], /has no quarantine 77/],
      [['release', DEMO, 'x'], /is no number of a quarantine/],
    ] as const
    for (const [line, message] of refused) {
      const { code, errors } = await command(line)
      assert.equal(code, 1)
      assert.match(errors, message)
      assert.equal(errors.trim().split('\n').length, 1)
    }
  })
})
