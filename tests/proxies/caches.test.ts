import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { freePort } from '../../src/platform/database/embedded/launch-server.ts'
import { readAssets } from '../../src/platform/web/assets.ts'
import { beginServer, type Part, untilReady } from '../scale/site/begin.ts'
import { startBalancer } from '../scale/site/front.ts'
import type { Place } from '../scale/site/place.ts'
import { type Harness, startHarness } from '../support/harness.ts'
import { type Answer, sendRaw } from '../support/raw-http.ts'
import { openPlace, type Proxies } from './open-place.ts'

const PATHS = [
  '/en/p/cop29-baku',
  '/en/p/cop29-baku/privacy',
  '/en/p/cop29-baku/verify',
  '/docs/seizure',
  '/api/docs',
  '/api/v1/openapi.json',
  ...readdirSync(readAssets().folder)
    .filter((name) => !/\.(br|gz)$/.test(name))
    .map((name) => `/assets/${name}`),
]
const MIRROR = 'mirror.test'
/** The cache must not give a reader what it holds for the reader before, whichever came first. */
const READERS = ['gzip, deflate, br', 'identity', 'gzip', 'br', 'gzip;q=0, br;q=0', 'x-gzip', '']
const DECODERS = new Map([
  ['br', brotliDecompressSync],
  ['gzip', gunzipSync],
])

const caches: Record<string, (place: Place<Proxies>, port: number, app: number) => Promise<Part>> =
  {
    nginx: (place, own, app) => startBalancer(place, { own, webs: [app, app] }),
    Varnish: (place, port, app) => startVarnish(place, port, app, ['http_gzip_support=on']),
    // By itself it asks for gzip alone, and unpacks it: so it has to hold each encoding that readers ask for.
    'Varnish that leaves encodings alone': (place, port, app) =>
      startVarnish(place, port, app, ['http_gzip_support=off']),
  }

for (const [name, start] of Object.entries(caches)) {
  describe(`behind ${name}`, () => {
    let harness: Harness
    let origin: string
    const undo: (() => Promise<unknown>)[] = []
    before(async () => {
      harness = await startHarness({ MIRRORS: `http://${MIRROR}` })
      undo.push(() => harness.close())
      const place = await openPlace()
      undo.push(() => place.remove())
      const port = await freePort()
      const cache = await start(place, port, Number(new URL(harness.origin).port))
      undo.push(() => cache.stop())
      origin = `http://127.0.0.1:${port}`
    })
    after(async () => {
      for (const step of undo.reverse()) await step()
    })

    async function get(
      path: string,
      encoding: string,
      { more = '', host = 'petitions.test' } = {},
    ): Promise<Answer> {
      const accepts = encoding ? `Accept-Encoding: ${encoding}\r\n` : ''
      const head = `Host: ${host}\r\nConnection: close\r\n${accepts}${more}`
      return (await sendRaw(origin, `GET ${path} HTTP/1.1\r\n${head}\r\n`))[0]!
    }

    it('each reader gets what it can read', async () => {
      for (const path of PATHS) {
        const [direct] = await sendRaw(
          harness.origin,
          `GET ${path} HTTP/1.1\r\nHost: petitions.test\r\nConnection: close\r\n\r\n`,
        )
        for (const round of [1, 2]) {
          for (const reader of READERS) {
            const { status, headers, body } = await get(path, reader)
            const what = `${path} for "${reader}", round ${round}`
            assert.equal(status, 200, what)
            const encoding = headers.get('content-encoding')
            if (encoding) assert.ok(accepts(reader, encoding), `${encoding}: ${what}`)
            const read = encoding ? DECODERS.get(encoding)!(body) : body
            assert.deepEqual(read, direct!.body, what)
          }
        }
      }
    })

    it('who has an answer already gets 304', async () => {
      for (const path of PATHS) {
        for (const reader of ['br', 'gzip', 'identity']) {
          const etag = (await get(path, reader)).headers.get('etag')!
          const again = await get(path, reader, { more: `If-None-Match: ${etag}\r\n` })
          assert.equal(again.status, 304, `${path} for ${reader}`)
          assert.equal(again.body.length, 0)
        }
      }
    })

    it('each reader gets the page of the name that was asked for', async () => {
      for (const host of [MIRROR, 'petitions.test', MIRROR]) {
        const { body } = await get('/en/p/cop29-baku?of=a-mirror', 'identity', { host })
        const [, named] = /<meta property="og:url" content="http:\/\/([^/"]+)/.exec(
          body.toString(),
        )!
        assert.equal(named, host)
      }
    })

    it('what is public is held, and what belongs to one signer is not', async () => {
      const style = PATHS.find((path) => path.endsWith('.css'))!
      const asked = () => harness.logged.filter((line) => line.includes('"/assets/*"')).length
      await get(style, 'br')
      const before = asked()
      for (let nth = 0; nth < 5; nth++) await get(style, 'br')
      assert.equal(asked(), before)
      const thanks = () => harness.logged.filter((line) => line.includes('/thanks"')).length
      for (let nth = 0; nth < 3; nth++) await get('/en/p/cop29-baku/thanks', 'br')
      assert.equal(thanks(), 3)
    })
  })
}

/** RFC 9110, section 8.4.1.3: `x-gzip` is gzip. */
function accepts(reader: string, encoding: string): boolean {
  const codings = reader.split(',').map((coding) => coding.trim().replace('x-gzip', 'gzip'))
  return codings.includes(encoding)
}

async function startVarnish(
  place: Place<Proxies>,
  port: number,
  app: number,
  parameters: string[],
): Promise<Part> {
  const vcl = `vcl 4.1;\nbackend default { .host = "127.0.0.1"; .port = "${app}"; }\n`
  const file = await place.write('default.vcl', vcl)
  const options = parameters.flatMap((parameter) => ['-p', parameter])
  const part = beginServer(
    'varnish',
    place.programs.varnishd,
    [
      ...['-F', '-j', 'none', '-n', join(place.folder, 'varnish'), '-f', file],
      ...['-a', `127.0.0.1:${port}`, '-s', 'malloc,32m', ...options],
    ],
    { account: place.account, logFile: place.logFile('varnish') },
  )
  await untilReady(part, async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok)
  return part
}
