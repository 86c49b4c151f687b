import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { freePort } from '../../src/platform/database/embedded/launch-server.ts'
import { languages } from '../../src/platform/i18n/translate.ts'
import { linkIn, type MailServer, startMailServer } from '../support/mail-server.ts'
import { type Program, runProgram } from '../support/program.ts'
import { form, pathOf } from '../support/signer.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import {
  createTestDatabase,
  runSql,
  type TestDatabase,
  withDatabase,
} from '../support/test-database.ts'
import { until } from '../support/until.ts'

const CLOSED =
  /the database was restored from a backup .*nothing below \/log is served.*"undersigned log rebuild"/

describe('the program on a database that was restored from a dump', () => {
  const copy = `undersigned_test_${randomBytes(6).toString('hex')}`
  const dataDir = temporaryFolder()
  let original: TestDatabase
  let copyUrl: string
  let mail: MailServer
  let origin: string
  let environment: Record<string, string>
  let program: Program

  before(async () => {
    original = await createTestDatabase()
    copyUrl = withDatabase(original.url, copy)
    mail = await startMailServer()
    const port = await freePort()
    origin = `http://127.0.0.1:${port}`
    environment = {
      DATA_DIR: dataDir,
      PORT: String(port),
      SMTP_URL: mail.url,
      MAIL_FROM: 'Petitions <petitions@example.org>',
      LOG_INTERVAL: '1',
    }
    // Signed once, so that there is a log; then the mail server puts everything off, so that a mail waits.
    await start(original.url)
    await sign('stands@example.org')
    const link = await until(() => mailTo('stands@example.org'))
    assert.equal((await post(link, { decision: 'confirm' })).status, 303)
    // The log's key, the petition's texts and the signature.
    await until(async () => (await sizeOfLog()) === languages.length + 2)
    mail.refuseWith(451)
    await sign('waits@example.org')
    await stop()
    mail.refuseWith(null)
    // As restored: another database of the same server, of the same content.
    await runSql(
      process.env.TEST_SERVER_URL!,
      `create database ${copy} template ${nameOf(original)}`,
    )
    await runSql(copyUrl, 'update graphile_worker._private_jobs set run_at = now()')
  })
  after(async () => {
    await stop()
    await original.drop()
    await runSql(process.env.TEST_SERVER_URL!, `drop database if exists ${copy} with (force)`)
    await mail.goAway()
  })

  const nameOf = ({ url }: TestDatabase) => new URL(url).pathname.slice(1)
  async function start(databaseUrl: string) {
    program = runProgram(['start'], { ...environment, DATABASE_URL: databaseUrl })
    await program.untilRunning()
  }
  async function stop() {
    program.child.kill('SIGTERM')
    return program.ended
  }
  const post = (path: string, fields: Record<string, string>) =>
    fetch(`${origin}${path}`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams(fields),
    })
  const trySigning = async (email: string) =>
    (await post('/en/p/cop29-baku/signatures', form({ email }))).status
  const sign = async (email: string) => assert.equal(await trySigning(email), 303)
  const mailTo = (email: string) => {
    const found = mail.mails.findLast(({ recipient }) => recipient === email)
    return found && pathOf(linkIn(found, 'confirm'))
  }
  const sizeOfLog = async () =>
    Number((await (await fetch(`${origin}/log/checkpoint`)).text()).split('\n')[1])
  const command = (...args: string[]) =>
    runProgram(args, { ...environment, DATABASE_URL: copyUrl }).ended

  it('says why it waits, once, and mails, takes and signs nothing', async () => {
    await start(copyUrl)
    await until(async () => (await fetch(`${origin}/healthz`)).ok)
    assert.equal(await trySigning('new@example.org'), 503)
    assert.equal((await fetch(`${origin}/log/checkpoint`)).status, 503)
    assert.equal((await fetch(`${origin}/p/cop29-baku`)).status, 200)
    // Longer than a worker needs for its first jobs.
    await setTimeout(3000)
    assert.equal(mailTo('waits@example.org'), undefined)
    const { code, errors } = await command('log', 'status')
    assert.equal(code, 1)
    assert.match(errors, CLOSED)
  })

  it('goes on by itself once "log rebuild" has run: nothing was missing', async () => {
    const { code, output, errors } = await command('log', 'rebuild')
    assert.equal(code, 0, errors)
    assert.match(output, /lacks nothing that was signed: only its mark is renewed/)
    await until(() => mailTo('waits@example.org'))
    await sign('new@example.org')
    await until(() => mailTo('new@example.org'))
    assert.equal((await command('log', 'status')).code, 0)
  })

  it('stops when an older state is put back under it, and goes on again after a rebuild', async () => {
    await runSql(copyUrl, 'update database_mark set count = count - 1')
    await until(async () => (await trySigning('meanwhile@example.org')) === 503)
    await setTimeout(2500)
    await runSql(
      copyUrl,
      `insert into tally_queue (event, petition_id, confirmed_at, country, language, source)
       select 'confirmed', id, now(), 'DE', 'en', 'direct' from petition`,
    )
    await setTimeout(2000)
    const waiting = await runSql(copyUrl, 'select from tally_queue')
    assert.equal(waiting.rowCount, 1, 'nothing is counted meanwhile')
    assert.equal((await command('log', 'rebuild')).code, 0)
    await until(async () => (await runSql(copyUrl, 'select from tally_queue')).rowCount === 0)
    await sign('after@example.org')
    const { code, errors, output } = await stop()
    assert.equal(code, 0)
    assert.match(errors, new RegExp(`^undersigned: ${CLOSED.source}[^\n]*\n$`))
    const fatal = output.split('\n').filter((line) => line.includes('"level":60'))
    assert.equal(fatal.length, 2)
    for (const line of fatal) assert.match(JSON.parse(line).msg, CLOSED)
  })
})
