import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { after, before, describe, it } from 'node:test'
import { Command } from 'commander'
import { examineSite } from '../../src/commands/doctor/examine-site.ts'
import { toLine } from '../../src/commands/doctor/finding.ts'
import { addDoctorCommand } from '../../src/commands/doctor.ts'
import { readConfig } from '../../src/config.ts'
import { type Harness, startHarness } from '../support/harness.ts'
import { runProgram } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { type DnsServer, startDnsServer } from './dns-server.ts'

/** Each stands in a setting, and in no line. */
const SECRETS = ['hunter2', 'let-me-in', Buffer.alloc(32, 7).toString('base64')]

describe('undersigned doctor', () => {
  let site: Harness
  let dns: DnsServer
  let silent: Server
  const held = new Set<Socket>()
  before(async () => {
    site = await startHarness()
    dns = await startDnsServer({ 'sign.test': { A: ['127.0.0.1'], TXT: ['v=spf1 -all'] } })
    // Takes connections and says nothing.
    silent = createServer((socket) => void held.add(socket.on('error', () => {})))
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  })
  after(async () => {
    for (const socket of held) socket.destroy()
    silent.close()
    await Promise.all([site.close(), dns.close()])
  })

  async function examine(
    environment: Record<string, string>,
    { offline = false, deadline = 13_000 } = {},
  ) {
    const config = readConfig(environment)
    const { resolver } = dns
    const findings = await examineSite(
      config,
      { offline, dkimSelector: null },
      { resolver, deadline },
    )
    const text = findings.map(toLine).join('\n')
    for (const secret of SECRETS) assert.ok(!text.includes(secret))
    const of = (about: string) => findings.find((each) => each.about === about)!
    return { findings, of }
  }

  it('looks at a trial, and asks no network when told so', async () => {
    const { of, findings } = await examine(
      { ...site.environment, PUBLIC_URL: site.origin, MAIL_FROM: 'a@sign.test' },
      { offline: true },
    )
    assert.equal(of('PostgreSQL').state, 'ok')
    assert.equal(of('SECRET_KEY').state, 'ok')
    assert.equal(of('NODE_ENV').state, 'ok')
    assert.equal(of('SPF'), undefined)
    assert.deepEqual(
      findings.filter(({ found }) => /unexpected/.test(found)),
      [],
    )
  })

  it('finds what is wrong with a site in production', async () => {
    const { of } = await examine({
      ...site.environment,
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://sign.test',
      MAIL_FROM: 'petitions@sign.test',
      SECRET_KEY: Buffer.alloc(32, 8).toString('base64'),
      DEMO: '1',
    })
    for (const about of ['DEMO', 'METRICS_TOKEN', 'operator', 'DMARC', 'keys of cop29-baku']) {
      assert.equal(of(about).state, 'fault', about)
      assert.ok(of(about).remedy)
    }
    assert.match(of('SECRET_KEY').found, /does not open what the database holds of cop29-baku/)
    assert.equal(of('DKIM').state, 'unchecked')
  })

  const hanging = async () => {
    const { port } = silent.address() as AddressInfo
    const dataDir = temporaryFolder()
    await mkdir(join(dataDir, 'secrets'))
    await writeFile(join(dataDir, 'secrets', 'server-key'), SECRETS[2]!, { mode: 0o644 })
    return {
      DATABASE_URL: `postgres://undersigned:hunter2@127.0.0.1:${port}/undersigned`,
      SMTP_URL: `smtp://user:hunter2@127.0.0.1:${port}`,
      PUBLIC_URL: `https://sign.test:${port}`,
      MAIL_FROM: 'petitions@sign.test',
      METRICS_TOKEN: 'let-me-in',
      DATA_DIR: dataDir,
    }
  }

  it('does not wait for what hangs', async () => {
    const begun = performance.now()
    const { of } = await examine(await hanging(), { deadline: 3000 })
    assert.ok(performance.now() - begun < 13_000)
    assert.match(of('database').found, /no answer within 1 second/)
    assert.match(of('mail server').found, /no answer within 3 seconds/)
    assert.match(of('secrets').remedy!, /^chmod 600 .*server-key$/)
  })

  it('exits 1 with a line for each fault, without a secret, though everything hangs', async () => {
    const program = runProgram(['doctor', '--resolver', dns.address], await hanging())
    const { code, output, errors } = await program.ended
    assert.equal(code, 1)
    assert.equal(errors, '')
    assert.match(output, /^FAULT +database +the database can't be asked .*: check DATABASE_URL/m)
    assert.match(output, /^\d+ at fault, \d+ ok, \d+ not checked$/m)
    for (const secret of SECRETS) assert.ok(!output.includes(secret))
  })

  it('is refused a resolver that is no address', async () => {
    const program = new Command('undersigned').exitOverride().configureOutput({ writeErr() {} })
    addDoctorCommand(program)
    for (const each of program.commands) each.exitOverride().configureOutput({ writeErr() {} })
    await assert.rejects(
      program.parseAsync(['doctor', '--resolver', 'dns.example'], { from: 'user' }),
      /give the address of a DNS server/,
    )
  })
})
