import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { before, describe, it } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { readAssets } from '../../src/platform/web/assets.ts'
import { useHarness } from '../support/harness.ts'
import { sendRaw } from '../support/raw-http.ts'
import { form, signAndConfirm, signAndOpenMail } from '../support/signer.ts'

const PETITION = '/en/p/cop29-baku'
const API = '/api/v1/petitions'
const ASSETS = readdirSync(readAssets().folder).filter((name) => !/\.(br|gz)$/.test(name))

/** Long enough that a smaller one is worth making. */
const LONG = [
  '/',
  '/az/',
  PETITION,
  `${PETITION}/versions/1`,
  `${PETITION}/privacy`,
  `${PETITION}/verify`,
  `${PETITION}/withdraw`,
  `${PETITION}/check-your-email`,
  '/docs/seizure',
  '/api/docs',
  '/api/v1/openapi.json',
  API,
  `${API}/cop29-baku`,
  `${API}/cop29-baku/texts/en/1`,
  // An icon is small, and a font is compressed already.
  ...ASSETS.filter((name) => !/\.(?:svg|woff2)$/.test(name)).map((name) => `/assets/${name}`),
]
const SHORT = [
  `${API}/cop29-baku/counts`,
  `${API}/cop29-baku/counts.csv?by=hour`,
  `${API}/cop29-baku/recipients`,
  `${API}/cop29-baku/targets`,
  '/log/checkpoint',
  '/log/vkey',
]
const DECODERS = new Map([
  ['br', brotliDecompressSync],
  ['gzip', gunzipSync],
])

describe('answers for readers who understand different encodings', () => {
  const harness = useHarness()
  /** Pages of one signer. */
  let own: string[]
  let tile: string
  before(async () => {
    const thanks = await signAndConfirm(harness, { email: 'first@example.org' })
    own = [
      `${PETITION}/thanks`,
      thanks,
      await signAndOpenMail(harness, { email: 'second@example.org' }),
    ]
    await harness.sequence()
    const [, size] = (await ask('/log/checkpoint')).body.toString().split('\n')
    tile = `/log/tile/0/000.p/${size}`
  })

  async function ask(
    path: string,
    headers: Record<string, string> = {},
    method = 'GET',
    body = '',
  ) {
    const lines = Object.entries({ host: 'petitions.test', connection: 'close', ...headers })
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    const [answer] = await sendRaw(
      harness.origin,
      `${method} ${path} HTTP/1.1\r\n${head}\r\n${body}`,
    )
    return answer!
  }
  const varies = (answer: Awaited<ReturnType<typeof ask>>) =>
    answer.headers.get('vary')?.split(', ').includes('accept-encoding')

  it('say that they differ by encoding, whichever is sent, and whether or not there is a body', async () => {
    for (const path of [...LONG, ...SHORT, ...ASSETS.map((name) => `/assets/${name}`)]) {
      for (const encoding of ['br', 'gzip', 'identity']) {
        for (const method of ['GET', 'HEAD']) {
          const answer = await ask(path, { 'accept-encoding': encoding }, method)
          assert.equal(answer.status, 200, path)
          assert.ok(varies(answer), `${method} ${path} for ${encoding}`)
          const etag = answer.headers.get('etag')!
          const again = { 'accept-encoding': encoding, 'if-none-match': etag }
          const unchanged = await ask(path, again, method)
          assert.equal(unchanged.status, 304, `${method} ${path} for ${encoding}`)
          assert.ok(varies(unchanged), `304 of ${path}`)
          assert.equal(unchanged.headers.get('etag'), etag)
          assert.notEqual(unchanged.headers.get('content-length'), '0', `304 of ${path}`)
        }
      }
    }
  })

  it('are small for who understands it, the same for all, and each under its own tag', async () => {
    for (const path of [...LONG, ...own]) {
      const plain = await ask(path)
      assert.equal(plain.headers.get('content-encoding'), undefined)
      for (const [encoding, decode] of DECODERS) {
        const small = await ask(path, { 'accept-encoding': encoding })
        assert.equal(small.headers.get('content-encoding'), encoding, path)
        assert.ok(small.body.length < plain.body.length, path)
        assert.deepEqual(decode(small.body), plain.body, path)
        const tag = small.headers.get('etag')
        if (tag) assert.notEqual(tag, plain.headers.get('etag'), path)
        const head = await ask(path, { 'accept-encoding': encoding }, 'HEAD')
        assert.equal(head.headers.get('content-length'), String(small.body.length), path)
      }
    }
  })

  it('are small, too, where the form comes back with errors, and where there is no page', async () => {
    const body = new URLSearchParams(form({ email: 'nobody' })).toString()
    const type = 'application/x-www-form-urlencoded'
    const headers = {
      'content-type': type,
      'content-length': `${body.length}`,
      'accept-encoding': 'br',
    }
    const returned = await ask(`${PETITION}/signatures`, headers, 'POST', body)
    const missing = await ask('/en/nothing-here', { 'accept-encoding': 'br' })
    for (const [answer, status] of [
      [returned, 422],
      [missing, 404],
    ] as const) {
      assert.equal(answer.status, status)
      assert.equal(answer.headers.get('content-encoding'), 'br')
      assert.match(brotliDecompressSync(answer.body).toString(), /<\/html>/)
    }
  })

  it('are never compressed twice: a spreadsheet is a zip', async () => {
    const xlsx = await ask(`${API}/cop29-baku/counts.xlsx`, { 'accept-encoding': 'br, gzip' })
    assert.equal(xlsx.headers.get('content-encoding'), undefined)
    assert.equal(xlsx.body.subarray(0, 2).toString(), 'PK')
  })

  it('are 304 for who has any of them, and what is not there stays 404', async () => {
    const any = { 'if-none-match': '*' }
    for (const path of [...LONG, ...SHORT, ...own, tile, `${API}/cop29-baku/counts.xlsx`]) {
      for (const method of ['GET', 'HEAD']) {
        assert.equal((await ask(path, any, method)).status, 304, `${method} ${path}`)
      }
    }
    for (const path of ['/en/nothing-here', `${API}/nothing`, '/assets/nothing.js']) {
      assert.equal((await ask(path, any)).status, 404, path)
    }
  })

  it('that depend on the language, too, say both', async () => {
    const answer = await ask('/', { 'accept-encoding': 'br' })
    assert.equal(answer.headers.get('vary'), 'accept-language, accept-encoding')
  })
})
