import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { freePort } from '../../src/platform/database/embedded/launch-server.ts'
import { type Harness, startHarness } from '../support/harness.ts'
import { linkIn } from '../support/mail-server.ts'
import { type Program, runProgram } from '../support/program.ts'
import { pathOf, post, sign } from '../support/signer.ts'
import { inRole, runSql, TEST_ROLES } from '../support/test-database.ts'
import { until } from '../support/until.ts'

const EMAIL = 'reader@example.org'

/** As docs/operating.md has it: web and worker log in as roles that may do little, commands as the owner. */
describe('web and worker in roles of their own', () => {
  let site: Harness
  let ownerUrl: string
  const running: Program[] = []

  before(async () => {
    const harness = await startHarness()
    ownerUrl = harness.databaseUrl
    // The programs have a clock of their own.
    await runSql(ownerUrl, 'update petition set opens_at = now(), closes_at = null')
    const port = await freePort()
    site = { ...harness, origin: `http://127.0.0.1:${port}` }
    running.push(run('web', TEST_ROLES.web, { PORT: String(port) }))
    running.push(run('worker', TEST_ROLES.worker, { DATA_DIR: site.environment.DATA_DIR! }))
    await Promise.all(running.map((program) => program.untilRunning()))
  })
  after(async () => {
    for (const { child } of running) child.kill('SIGTERM')
    await Promise.all(running.map(({ ended }) => ended))
    await site.close()
  })

  function run(command: string, role: string, environment: Record<string, string> = {}): Program {
    return runProgram(command.split(' '), {
      ...site.environment,
      LOG_INTERVAL: '1',
      PUBLIC_URL: 'http://petitions.test',
      ...environment,
      DATABASE_URL: inRole(ownerUrl, role),
    })
  }

  const count = async (what: string) => (await runSql(ownerUrl, `select from ${what}`)).rowCount
  const mailed = (purpose: 'confirm' | 'withdraw' | 'unsubscribe') =>
    until(async () => {
      const mail = site.mail.allTo(EMAIL).find(({ text }) => text?.includes(`/${purpose}/`))
      return mail && pathOf(linkIn(mail, purpose))
    })

  it('take a signature all its way, to where its signer leaves', async () => {
    const signed = await sign(site, { email: EMAIL, updates: 'yes' })
    assert.equal(signed.status, 303, running[0]!.errors())
    const link = await mailed('confirm')
    const confirmed = await post(site, link, { decision: 'confirm' })
    assert.equal(confirmed.status, 303, running[0]!.errors())
    await until(async () => (await count('sealed_record')) === 1)
    await until(async () => (await count('log_place')) === 1)
    await mailed('unsubscribe')

    await runSql(ownerUrl, `delete from graphile_worker._private_jobs where locked_at is null`)
    await post(site, '/en/p/cop29-baku/withdraw', { email: EMAIL })
    const leaving = await mailed('withdraw')
    assert.equal((await post(site, leaving, {})).status, 303)
    assert.equal(await count('sealed_record'), 0)
    await until(async () => (await count('log_count where published = 0')) === 1)
    for (const program of running) assert.doesNotMatch(program.errors(), /permission denied/)
  })

  it('leave commands to the owner, in one line', async () => {
    const { code, errors } = await run('petition list', TEST_ROLES.worker).ended
    assert.equal(code, 1)
    assert.match(
      errors,
      /^undersigned: the role undersigned_test_worker has the rights of a web or worker alone: .*DATABASE_URL\n$/,
    )
  })

  it('can’t give themselves rights', async () => {
    const { code, errors } = await run('migrate roles --web nobody', TEST_ROLES.worker).ended
    assert.equal(code, 1)
    assert.match(errors, /^undersigned: the tables are not there, or belong to another role: .*\n$/)
  })

  it('get their rights by one command, which also tells and prints them', async () => {
    const owner = (args: string) =>
      runProgram(args.split(' '), { ...site.environment, DATABASE_URL: ownerUrl }).ended
    const { web, worker } = TEST_ROLES
    const lines = `web\t${web}\nworker\t${worker}\n`
    assert.equal((await owner('migrate roles')).output, lines)
    assert.equal((await owner(`migrate roles --web ${web} --worker ${worker}`)).output, lines)
    const { output } = await owner(`migrate roles --web ${web} --print`)
    assert.match(output, /^begin;\n/)
    assert.match(output, /\ngrant select on "log_state" to "undersigned_test_web";\n/)
    assert.doesNotMatch(output, /undersigned_test_worker/)
  })
})
