import assert from 'node:assert/strict'
import { request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import { freePort } from '../../src/platform/database/embedded/launch-server.ts'
import { readSeen, SEEN_PATH, sealQuestion } from '../../src/platform/web/seen.routes.ts'
import { startNginx } from '../scale/site/front.ts'
import { readDocumented } from '../scale/site/read-documented.ts'
import { type Harness, startHarness } from '../support/harness.ts'
import { form } from '../support/signer.ts'
import { openPlace } from './open-place.ts'

/** Where the CDN's connections come from here, and where everybody else's. */
const CDN = '127.0.0.1'
const ELSEWHERE = '127.0.0.2'
/** Smaller than the pages have it: a burst of thirty, and none after it while the test runs. */
const BURST = 30
const LIMIT = { 'rate=120r/m': 'rate=1r/m', 'burst=200': `burst=${BURST}` }

const SETTINGS = ['/var/log/nginx/error.log crit', 'stderr crit'] as const
const pages = {
  'docs/operating.md': (port: number, app: string) => ({
    'listen 443 ssl': `listen 127.0.0.1:${port}`,
    'http://127.0.0.1:3000': `http://${app}`,
  }),
  'docs/scaling.md': (port: number, app: string, folder: string) => ({
    '/var/cache/nginx/undersigned': join(folder, 'nginx', 'cache'),
    '10.0.0.11:3000': app,
    '10.0.0.12:3000': app,
    '127.0.0.1:8080': `127.0.0.1:${port}`,
  }),
}

for (const [page, replacementsFor] of Object.entries(pages)) {
  describe(`nginx as ${page} has it, behind a CDN`, () => {
    let harness: Harness
    let port: number
    const undo: (() => Promise<unknown>)[] = []
    before(async () => {
      harness = await startHarness({ TRUST_PROXY: '127.0.0.1' })
      undo.push(() => harness.close())
      const place = await openPlace()
      undo.push(() => place.remove())
      port = await freePort()
      const app = new URL(harness.origin).host
      const site = readDocumented(page, 'nginx', {
        ...replacementsFor(port, app, place.folder),
        [SETTINGS[0]]: SETTINGS[1],
        ...LIMIT,
      })
      const cdn = readDocumented('docs/operating.md', 'nginx', { '192.0.2.0/24': CDN }, 1)
      const server = 'server_name sign.example.org;'
      assert.ok(site.includes(server))
      const nginx = await startNginx(place, site.replace(server, `${server}\n${cdn}`), port)
      undo.push(() => nginx.stop())
    })
    after(async () => {
      for (const step of undo.reverse()) await step()
    })

    /** @param visitor as the CDN names it; what stands before it the visitor wrote */
    async function send(
      visitor: string,
      {
        from = CDN,
        path = '/az/p/cop29-baku/signatures',
        more = {},
      }: { from?: string; path?: string; more?: Record<string, string> } = {},
    ) {
      const body = new URLSearchParams(form({ email: 'leyla@example.org' })).toString()
      const asked = request({
        port,
        host: '127.0.0.1',
        localAddress: from,
        method: 'POST',
        path,
        headers: {
          host: 'petitions.test',
          'content-type': 'application/x-www-form-urlencoded',
          'x-forwarded-for': visitor,
          ...more,
        },
      })
      const answered = new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
        asked.on('response', resolve).on('error', reject)
      })
      asked.end(body)
      const answer = await answered
      return { status: answer.statusCode, headers: answer.headers, html: await text(answer) }
    }
    async function sendMany(count: number, visitor: (nth: number) => string, from = CDN) {
      const answers = Array.from({ length: count }, (_, nth) => send(visitor(nth), { from }))
      return (await Promise.all(answers)).map(({ status }) => status)
    }

    it('lets each of many visitors send a form', async () => {
      const statuses = await sendMany(3 * BURST, (nth) => `198.51.100.${nth}`)
      assert.deepEqual([...new Set(statuses)], [303])
    })

    it('limits the one who sends too many, whatever addresses he makes up', async () => {
      const statuses = await sendMany(2 * BURST, (nth) => `10.1.2.${nth}, 203.0.113.7`)
      assert.equal(statuses.filter((status) => status === 429).length, BURST - 1, `${statuses}`)
      assert.equal((await send('203.0.113.8')).status, 303)
    })

    it('believes nobody but the CDN', async () => {
      const statuses = await sendMany(2 * BURST, (nth) => `198.51.101.${nth}`, ELSEWHERE)
      assert.ok(statuses.includes(429))
    })

    it('lets nobody say under which name the site was asked', async () => {
      const forged = { 'x-forwarded-host': 'evil.example', origin: 'http://evil.example' }
      assert.equal((await send('203.0.113.10', { more: forged })).status, 403)
    })

    it('shows whom it limits a page of the site, in the language of the form', async () => {
      await sendMany(2 * BURST, () => '203.0.113.9')
      const { status, headers, html } = await send('203.0.113.9')
      assert.equal(status, 429)
      assert.equal(headers['retry-after'], '30')
      assert.match(html, /<html lang="az"/)
      assert.match(html, /Şəbəkənizdən həddən artıq sorğu gəlir/)
      const russian = await send('203.0.113.9', { path: '/ru/confirm/x' })
      assert.match(russian.html, /<html lang="ru"/)
      for (const path of ['/', '/xx/p/cop29-baku/signatures', '/%20/', '/az'])
        assert.equal((await send('203.0.113.9', { path })).status, 429, path)
    })
  })
}

describe('nginx between Tor and the site, as docs/operating.md has it', () => {
  it('passes on nobody’s word about an address', async () => {
    const settings = { TRUST_PROXY: '127.0.0.1', CLIENT_ADDRESS_HEADER: 'CF-Connecting-IP' }
    const undo: (() => Promise<unknown>)[] = []
    const harness = await startHarness(settings)
    undo.push(() => harness.close())
    try {
      const place = await openPlace()
      undo.push(() => place.remove())
      const port = await freePort()
      const site = readDocumented(
        'docs/operating.md',
        'nginx',
        {
          '127.0.0.1:8081': `127.0.0.1:${port}`,
          'http://127.0.0.1:3000': harness.origin,
          [SETTINGS[0]]: SETTINGS[1],
        },
        3,
      )
      const nginx = await startNginx(place, site, port)
      undo.push(() => nginx.stop())
      const key = harness.site.keyring.examination
      const nonce = 'a'.repeat(32)
      const host = `${'petition'.repeat(7)}.onion`
      const asked = request({
        ...{ port, host: '127.0.0.1', path: SEEN_PATH },
        headers: {
          ...{ host, authorization: sealQuestion(key, nonce) },
          ...{ 'x-forwarded-for': '203.0.113.9', 'cf-connecting-ip': '203.0.113.9' },
          ...{ 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example' },
        },
      })
      const answered = new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
        asked.on('response', resolve).on('error', reject)
      })
      asked.end()
      const seen = readSeen(key, nonce, await text(await answered))
      assert.deepEqual(seen, { protocol: 'http', host, address: '127.0.0.1', header: 'missing' })
    } finally {
      for (const step of undo.reverse()) await step()
    }
  })
})
