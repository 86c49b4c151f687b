import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { get as getPlain, type RequestOptions } from 'node:http'
import { get as getSecure } from 'node:https'
import { after, before, describe, it } from 'node:test'
import { freePort } from '../../src/platform/database/embedded/launch-server.ts'
import { CERTIFICATE } from '../doctor/certificate.ts'
import { findProgram } from '../scale/site/find-programs.ts'
import { startNginx } from '../scale/site/front.ts'
import { readDocumented } from '../scale/site/read-documented.ts'
import { type Harness, startHarness } from '../support/harness.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'
import { openPlace } from './open-place.ts'

const OF_PEOPLE = ['/', '/en/p/cop29-baku', '/en/p/cop29-baku/verify', '/apiary', '/logic']
const OF_PROGRAMS = [
  '/api/v1/petitions',
  '/api/docs',
  '/log/checkpoint',
  '/metrics',
  '/healthz',
  '/readyz',
]
const SUBDOMAINS_TOO = 'max-age=31536000; includeSubDomains'

const ask = (secure: boolean, options: RequestOptions) =>
  new Promise<{ status: number; location?: string; hsts?: string }>((resolve, reject) => {
    const asked = { host: '127.0.0.1', ...options, headers: { host: 'sign.example.org' } }
    const request = (secure ? getSecure : getPlain)(asked, ({ statusCode, headers }) => {
      request.destroy()
      const hsts = headers['strict-transport-security']
      resolve({ status: statusCode!, location: headers.location, hsts })
    })
    request.on('error', reject)
  })

type Start = (app: string, plain: number, secure: number) => Promise<() => Promise<unknown>>

const fronts: Record<string, { start: Start; skip: string | false }> = {
  'nginx as docs/operating.md has it': {
    skip: false,
    async start(app, plain, secure) {
      const place = await openPlace()
      const cert = await place.write('cert.pem', CERTIFICATE.cert)
      const key = await place.write('key.pem', CERTIFICATE.key)
      const site = readDocumented('docs/operating.md', 'nginx', {
        'listen 443 ssl;': `listen 127.0.0.1:${secure} ssl; ssl_certificate ${cert}; ssl_certificate_key ${key};`,
        'http://127.0.0.1:3000': app,
        '/var/log/nginx/error.log crit': 'stderr crit',
      })
      const http = readDocumented(
        'docs/operating.md',
        'nginx',
        { 'listen 80;': `listen 127.0.0.1:${plain};` },
        2,
      )
      const nginx = await startNginx(place, `${site}\n${http}`, plain)
      return () => nginx.stop().then(() => place.remove())
    },
  },
  'the Caddyfile': {
    // In continuous integration nothing is left out.
    skip: findProgram('caddy') || process.env.CI ? false : 'caddy is not installed',
    async start(app, plain, secure) {
      const folder = temporaryFolder()
      const text = readFileSync('docs/deploy/Caddyfile', 'utf8')
        .replace(
          '\n{\n',
          `\n{\n http_port ${plain}\n https_port ${secure}\n default_bind 127.0.0.1\n admin off\n local_certs\n skip_install_trust\n storage file_system ${folder}\n`,
        )
        .replace('127.0.0.1:3000', new URL(app).host)
      const caddy: ChildProcess = spawn(
        findProgram('caddy')!,
        ['run', '--adapter', 'caddyfile', '--config', '-'],
        { stdio: ['pipe', 'ignore', 'ignore'], env: { ...process.env, HOME: folder } },
      )
      caddy.stdin!.end(text)
      return async () => {
        caddy.kill('SIGKILL')
        await once(caddy, 'exit')
      }
    },
  },
}

for (const [name, { start, skip }] of Object.entries(fronts)) {
  describe(`over plain HTTP ${name}`, { skip }, () => {
    let harness: Harness
    let plain: number
    let secure: number
    const undo: (() => Promise<unknown>)[] = []
    before(async () => {
      harness = await startHarness({ PUBLIC_URL: 'https://sign.example.org' })
      undo.push(() => harness.close())
      plain = await freePort()
      secure = await freePort()
      undo.push(await start(harness.origin, plain, secure))
      await until(() =>
        ask(false, { port: plain, path: '/' }).then(
          () => true,
          () => false,
        ),
      )
    })
    after(async () => {
      for (const step of undo.reverse()) await step()
    })

    it('leads people to HTTPS', async () => {
      for (const path of OF_PEOPLE) {
        const { status, location } = await ask(false, { port: plain, path })
        assert.equal(status, 301, path)
        assert.equal(location, `https://sign.example.org${path}`)
      }
    })

    it('refuses programs, which would not notice that they were led', async () => {
      for (const path of OF_PROGRAMS) {
        const { status, location } = await ask(false, { port: plain, path })
        assert.deepEqual([status, location], [403, undefined], path)
      }
    })

    it('keeps browsers to HTTPS for a year, with all names below', async () => {
      const options = { port: secure, servername: 'sign.example.org', rejectUnauthorized: false }
      const askSecure = () => ask(true, { ...options, path: '/en/' } as RequestOptions)
      const { hsts } = await until(() => askSecure().catch(() => null))
      assert.equal(hsts, SUBDOMAINS_TOO)
    })
  })
}
