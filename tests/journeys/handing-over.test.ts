import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { addDeliverCommands } from '../../src/commands/deliver.ts'
import { DAY, HOUR } from '../../src/platform/clock.ts'
import { DEMO, STORY_LANGUAGES } from '../support/demo.ts'
import { useFreshHarness } from '../support/harness.ts'
import { runCommand, runPetitionCommand } from '../support/run-command.ts'
import {
  confirm,
  counted,
  get,
  mailedPath,
  sign,
  signAndConfirm,
  signAndOpenMail,
} from '../support/signer.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { runSql } from '../support/test-database.ts'

describe('handing over while mailed links still confirm', () => {
  const harness = useFreshHarness()
  const out = join(temporaryFolder(), 'pack.zip')
  const TO = STORY_LANGUAGES.flatMap((language) => ['--to', `${language}=Council`])
  const run = (...args: string[]) => runPetitionCommand(harness.site, ...args)
  const pack = (...more: string[]) =>
    runCommand(harness.site, addDeliverCommands, ['deliver', 'pack', DEMO, '--out', out, ...more])
  const today = () => harness.clock.now().toISOString().slice(0, 10)
  const delivered = (...more: string[]) => run('delivered', DEMO, '--on', today(), ...TO, ...more)
  const forms = async () =>
    (await runSql(harness.databaseUrl, 'select count(*)::int as n from submission')).rows[0].n
  const inADay = () => {
    const at = new Date(harness.clock.now().getTime() + DAY)
    return at.toISOString().slice(0, 16)
  }

  async function closeWithOneWaiting() {
    await signAndConfirm(harness, { email: 'in-time@example.org' })
    const late = await signAndOpenMail(harness, { email: 'late@example.org' })
    await harness.sequence()
    const until = inADay()
    assert.equal((await run('close', DEMO)).code, 0)
    return { late, until }
  }

  it('a letter says until when its number may grow, and is written only by who agrees', async () => {
    const open = await pack()
    assert.equal(open.code, 1)
    assert.match(open.errors, /still takes signatures, and 0 forms wait to be confirmed: /)
    const { late, until } = await closeWithOneWaiting()
    const { code, output, errors } = await pack()
    assert.deepEqual([code, output], [1, ''])
    assert.match(errors, new RegExp(`links of ${DEMO} confirm until ${until}.*, and 1 form waits`))
    assert.match(errors, /Wait for their end, or add --yes/)
    assert.ok(!existsSync(out))

    const agreed = await pack('--yes')
    assert.equal(agreed.code, 0, agreed.errors)
    assert.match(agreed.output, /certifies 1 signature\.\nIts number may still grow: mailed links/)
    await rm(out)

    assert.equal((await confirm(harness, late)).status, 303)
    await harness.sequence()
    const last = await pack()
    assert.equal(last.code, 0, 'nobody waits any more')
    assert.match(last.output, /certifies 2 signatures\.\n$/)
  })

  it('delivered is said once they have ended: what was handed over stands', async () => {
    const { late, until } = await closeWithOneWaiting()
    const { code, errors } = await delivered()
    assert.equal(code, 1)
    assert.match(errors, new RegExp(`confirm until ${until}.*, and 1 form waits for it: mark it`))
    assert.equal((await get(harness, late)).status, 200, 'the link still works')
    harness.clock.move(DAY + HOUR)
    assert.equal((await delivered()).code, 0)
    assert.equal((await confirm(harness, late)).status, 410)
  })

  it('or at once, by who agrees: the links end, their forms are erased, and each link says so', async () => {
    const { late } = await closeWithOneWaiting()
    await sign(harness, { email: 'refused@example.org' })
    const { code, errors } = await delivered('--yes')
    assert.equal(code, 0, errors)
    assert.equal(await forms(), 0)
    for (const language of ['en', 'az', 'ru', 'be', 'fa']) {
      const link = late.replace(/^\/en\//, `/${language}/`)
      assert.equal((await get(harness, link)).status, 410, language)
    }
    assert.match(await (await get(harness, late)).text(), /It has expired, and the details/)
    assert.equal((await confirm(harness, late)).status, 410)
    await harness.tally()
    assert.equal(await counted(harness), 1)
    const noted = []
    for await (const page of harness.site.actions.list({ slug: DEMO })) noted.push(...page)
    assert.equal((noted[0]!.after as { erased: number }).erased, 1)

    assert.equal((await run('delivered', DEMO, '--undo')).code, 0)
    assert.equal((await run('reopen', DEMO)).code, 0)
    await sign(harness, { email: 'late@example.org' })
    await harness.work()
    const again = mailedPath(harness, 'late@example.org', 'confirm')
    assert.equal((await confirm(harness, again)).status, 303, 'and may sign again')
  })

  it('a form whose mail is under way meanwhile mails nobody and confirms nothing', async () => {
    await sign(harness, { email: 'unmailed@example.org' })
    await run('close', DEMO)
    assert.equal((await delivered('--yes')).code, 0)
    await harness.work()
    assert.equal(harness.mail.mails.length, 0)
  })
})
