import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { freePort } from '../../src/platform/database/embedded/launch-server.ts'
import { type Program, runProgram } from '../support/program.ts'
import { type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts'
import { until } from '../support/until.ts'

describe('the start beside a mail server that takes no mails', () => {
  const folder = temporaryFolder()
  let database: TestDatabase
  let refusing: ScriptedServer
  before(async () => {
    database = await createTestDatabase()
    refusing = await startScriptedServer({
      EHLO: '250-scripted\r\n250 AUTH PLAIN LOGIN',
      AUTH: '535 5.7.8 Authentication failed for hunter2',
    })
  })
  after(async () => {
    await refusing.close()
    await database.drop()
  })

  async function run(
    role: string,
    smtpUrl: string,
    work: (program: Program, port: number) => Promise<void>,
  ) {
    const port = await freePort()
    const program = runProgram([role], {
      DATA_DIR: folder,
      DATABASE_URL: database.url,
      PORT: String(port),
      SMTP_URL: smtpUrl,
      METRICS_TOKEN: 'let-me-in',
    })
    try {
      await program.untilRunning()
      await work(program, port)
    } finally {
      program.child.kill('SIGTERM')
      await program.ended
    }
  }

  const readyOf = async (port: number, headers = {}) => {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { headers })
    assert.equal(answer.status, 200, 'signatures are taken all the same')
    return (await answer.json()) as { mail: string; why?: string }
  }
  const whyOf = async (port: number) =>
    (await readyOf(port, { authorization: 'Bearer let-me-in' })).why ?? ''

  it('says so and goes on: nothing listens there', async () => {
    await run('start', `smtp://127.0.0.1:${await freePort()}`, async (program, port) => {
      const words = await until(async () => /SMTP_URL/.test(await whyOf(port)) && whyOf(port))
      assert.match(words, /^nothing takes connections at the mail server \(connection refused\)/)
      assert.deepEqual(await readyOf(port), { status: 'ready', mail: 'unreachable' })
      program.child.kill('SIGTERM')
      const { errors, code } = await program.ended
      assert.equal(code, 0)
      assert.match(errors, /^undersigned: mails wait: nothing takes connections .*SMTP_URL/m)
    })
  })

  it('says so on a web node: the login is refused', async () => {
    const url = refusing.url.replace('//', '//user:hunter2@')
    await run('web', url, async (program, port) => {
      const words = await until(async () => /SMTP_URL/.test(await whyOf(port)) && whyOf(port))
      assert.match(words, /^the mail server refused the login: .* \(535 5\.7\.8\)$/)
      assert.deepEqual(await readyOf(port), { status: 'ready', mail: 'refused' })
      program.child.kill('SIGTERM')
      const { errors, output } = await program.ended
      assert.match(`${output}${errors}`, /the mail server takes no mails/)
      assert.doesNotMatch(`${output}${errors}${words}`, /hunter2/)
    })
  })

  it('says nothing where the server takes mails', async () => {
    const taking = await startScriptedServer()
    await run('worker', taking.url, async (program) => {
      await until(async () => taking.heard.includes('QUIT'))
      program.child.kill('SIGTERM')
      const { errors, output } = await program.ended
      assert.doesNotMatch(`${errors}${output}`, /mails? wait|takes no mails/)
    })
    await taking.close()
  })

  it('ends in one line when a setting can not be understood', async () => {
    const wrong: Record<string, string>[] = [{ TRUST_PROXY: '1' }, { MAIL_FROM: 'Undersigned' }]
    for (const setting of wrong) {
      const { code, errors } = await runProgram(['start'], { DATA_DIR: folder, ...setting }).ended
      assert.equal(code, 1)
      assert.match(errors, /^undersigned: (?:TRUST_PROXY|MAIL_FROM) [^\n]*\n$/)
    }
  })
})
