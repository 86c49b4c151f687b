import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { checkDataDir, checkSpace } from '../../src/commands/doctor/check-files.ts'
import { checkRecipients, checkSecretKey } from '../../src/commands/doctor/check-keys.ts'
import { checkLog } from '../../src/commands/doctor/check-log.ts'
import { checkEncryption, checkMailServer } from '../../src/commands/doctor/check-mail-server.ts'
import { checkMode, checkNode, checkOpenFiles } from '../../src/commands/doctor/check-settings.ts'
import {
  checkBackup,
  checkJobs,
  checkSealing,
  checkWaitingMails,
} from '../../src/commands/doctor/check-work.ts'
import { examine } from '../../src/commands/doctor/examine.ts'
import { fault, inBytes, inWords, toLine } from '../../src/commands/doctor/finding.ts'
import { readConfig } from '../../src/config.ts'
import { DAY, HOUR, MINUTE, systemClock } from '../../src/platform/clock.ts'
import { deriveKeyring } from '../../src/platform/keyring.ts'
import { PRODUCTION } from '../support/config.ts'
import { type Harness, startHarness } from '../support/harness.ts'
import { startScriptedServer } from '../support/scripted-server.ts'
import { sign, signAndConfirm } from '../support/signer.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const at = (day: string) => ({ now: () => new Date(day) })

describe('the doctor looks at this machine', () => {
  it('for a Node.js that still gets security fixes', () => {
    assert.equal(checkNode('v24.1.0', at('2027-06-01')).state, 'ok')
    assert.equal(checkNode('v20.19.0', at('2026-05-01')).state, 'fault')
    assert.equal(checkNode('v23.0.0', at('2025-05-01')).state, 'fault')
    assert.equal(checkNode('v26.0.0', at('2027-06-01')).state, 'ok')
  })

  it('for a mode that fits its address', () => {
    assert.equal(checkMode(readConfig(PRODUCTION)).state, 'ok')
    assert.equal(checkMode(readConfig({ ...PRODUCTION, DEMO: '1' })).about, 'DEMO')
    assert.equal(checkMode(readConfig({})).state, 'ok')
    assert.equal(checkMode(readConfig({ PUBLIC_URL: 'https://sign.test' })).state, 'fault')
  })

  it('for open files, space, and secrets that others may read', async () => {
    const folder = temporaryFolder()
    const limits = join(folder, 'limits')
    await writeFile(limits, 'Max open files            1024                 4096       files\n')
    assert.equal((await checkOpenFiles(limits)).state, 'fault')
    assert.equal((await checkOpenFiles(join(folder, 'none'))).state, 'unchecked')
    assert.equal((await checkSpace('disk', join(folder, 'none'))).state, 'unchecked')
    assert.match((await checkSpace('disk', folder)).found, /GB free/)
    await mkdir(join(folder, 'secrets'))
    await writeFile(join(folder, 'secrets', 'log-key'), 'x', { mode: 0o640 })
    const config = readConfig({ DATA_DIR: folder })
    const states = (await checkDataDir(config)).map(({ state }) => state)
    assert.deepEqual(states, ['ok', process.platform === 'win32' ? 'unchecked' : 'fault'])
  })

  it('for a backup of yesterday', () => {
    const last = (age: number) => ({ at: new Date(Date.now() - age), bytes: 5_000_000 })
    const production = { production: true }
    assert.equal(checkBackup(last(20 * HOUR), systemClock, production).state, 'ok')
    assert.match(
      checkBackup(last(3 * DAY), systemClock, production).found,
      /3 days old \(5\.0 MB\)/,
    )
    assert.equal(checkBackup(null, systemClock, production).state, 'fault')
    assert.equal(checkBackup(null, systemClock, { production: false }).state, 'unchecked')
  })

  it('and says each fault in one line', async () => {
    assert.match(toLine(fault('disk', 'full', 'free some')), /^FAULT +disk +full: free some$/)
    assert.deepEqual(
      [inWords(90_000), inWords(MINUTE), inWords(2 * HOUR)],
      ['90 seconds', '60 seconds', '2 hours'],
    )
    assert.deepEqual(
      [inBytes(812), inBytes(4180), inBytes(1_320_000_000)],
      ['812 B', '4.2 kB', '1.3 GB'],
    )
    const broken = { about: 'x', look: () => Promise.reject(new Error('of anna@example.org')) }
    const [finding] = await examine([broken], 1000)
    assert.match(finding!.found, /^unexpected: of \[address\]$/)
  })
})

describe('the doctor looks at the mail server', () => {
  it('that takes the login, refuses it, or can be read on the way', async () => {
    const server = await startScriptedServer({
      EHLO: '250-x\r\n250 AUTH PLAIN',
      AUTH: '235 2.7.0 ok',
    })
    const config = (url: string) => readConfig({ SMTP_URL: url.replace('//', '//user:hunter2@') })
    const [taken, network] = await checkMailServer(config(server.url), systemClock)
    assert.deepEqual([taken!.state, network!.state], ['ok', 'ok'])
    server.answer({ EHLO: '250-x\r\n250 AUTH PLAIN', AUTH: '535 5.7.8 no hunter2' })
    const [refused] = await checkMailServer(config(server.url), systemClock)
    await server.close()
    assert.match(toLine(refused!), /refused the login: check user and password/)
    assert.doesNotMatch(toLine(refused!), /hunter2/)
    assert.equal(server.heard.filter((line) => line.startsWith('MAIL')).length, 0)
    for (const [url, state] of [
      ['smtps://a:b@mail.example.org', 'ok'],
      ['smtp://a:b@mail.example.org:587', 'fault'],
      ['smtp://a:b@mail.example.org:587?requireTLS=true', 'ok'],
      ['smtps://a:b@mail.example.org?tls.rejectUnauthorized=false', 'fault'],
    ] as const) {
      assert.equal(checkEncryption(url, { production: false }).state, state, url)
    }
  })
})

describe('the doctor looks at the work', () => {
  let site: Harness
  before(async () => {
    site = await startHarness()
  })
  after(() => site.close())
  const log = async () =>
    (await checkLog(site.site)).map(({ about, state }) => `${about}: ${state}`)

  it('at the keys that petitions are sealed to, and the one that the database knows', async () => {
    const { petitions, recipients, keyring } = site.site
    const trial = await checkRecipients(petitions, recipients, { production: false })
    const real = await checkRecipients(petitions, recipients, { production: true })
    assert.deepEqual([trial[0]!.state, real[0]!.state], ['ok', 'fault'])
    assert.equal((await checkSecretKey(petitions, keyring)).state, 'ok')
    const other = deriveKeyring(Buffer.alloc(32, 9))
    assert.equal((await checkSecretKey(petitions, other)).state, 'fault')
  })

  it('at the log, which has to be looked after, and not to be begun by the doctor', async () => {
    assert.deepEqual(await log(), ['public log: unchecked'])
    await signAndConfirm(site)
    await site.sequence()
    assert.deepEqual(await log(), ['log history: ok', 'public log: ok', 'witnesses: unchecked'])
    site.clock.move(HOUR)
    assert.match((await log())[1]!, /public log: fault/)
  })

  it('at jobs, mails and signatures that wait', async () => {
    assert.equal((await checkJobs(site.connection.db)).state, 'ok')
    await signAndConfirm(site, { email: 'second@example.org' })
    site.clock.move(HOUR)
    const waiting = async () =>
      checkSealing(await site.site.signatures.measureSealing(), site.clock)
    assert.match((await waiting()).found, /readable on the server for 60 minutes/)
    await site.seal()
    assert.equal((await waiting()).state, 'ok')
    site.mail.refuseWith(550, '5.7.1 Relay access denied')
    await sign(site, { email: 'third@example.org' })
    await site.work()
    const mails = checkWaitingMails(await site.site.waitingMails.get(), 0)
    assert.deepEqual([mails.state, mails.found], ['fault', 'put off: 1 (policy)'])
    assert.equal(checkWaitingMails(new Map(), 10).state, 'ok')
    assert.match(checkWaitingMails(new Map(), 7200).found, /one has waited for 2 hours/)
  })
})
