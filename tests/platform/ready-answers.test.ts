import assert from 'node:assert/strict'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { brotliDecompressSync } from 'node:zlib'
import Fastify, { type FastifyInstance } from 'fastify'
import { createAnswerCache } from '../../src/platform/web/answer-cache.ts'
import { serverWith } from '../../src/platform/web/create-server.ts'
import { createDraining } from '../../src/platform/web/draining.ts'

const LONG = 'Azadlıq! '.repeat(500)
/** So that a slow machine finds ready what it has just asked for. */
const FRESH_MS = 60_000
const SOON_OLD_MS = 150

describe('answers that are ready', () => {
  let app: FastifyInstance
  let routed: number
  let served: () => number
  let body = LONG

  before(async () => {
    const opened = await open(FRESH_MS)
    app = opened.app
    served = () => opened.cache.ready.served().get('/:name') ?? 0
  })
  after(() => app.close())
  beforeEach(() => {
    routed = 0
  })

  async function open(freshMs: number) {
    const cache = createAnswerCache(freshMs)
    const app = Fastify({
      serverFactory: serverWith({ ready: cache.ready, draining: createDraining() }, {}),
    })
    app.addHook('onRequest', (_request, reply, done) => {
      routed++
      reply.headers({
        'content-security-policy': "default-src 'none'",
        'x-request-id': `${routed}`,
      })
      done()
    })
    app.get<{ Params: { name: string } }>('/:name', async (request, reply) =>
      cache.send(reply, {
        key: request.params.name,
        read: ({ s, refused }) =>
          refused === undefined ? { repeated: { s: s === '1' ? s : '' } } : null,
        make: async ({ repeated: { s = '' } }) => ({
          body: `${request.params.name} ${s} ${body}`,
          headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'public' },
        }),
      }),
    )
    app.post('/:name', async () => 'posted')
    await app.listen({ port: 0, host: '127.0.0.1' })
    return { app, cache }
  }

  /** Not fetch: it decompresses, and has tags and connections of its own. */
  function ask(path: string, headers: Record<string, string> = {}, method = 'GET', of = app) {
    const { port } = of.server.address() as AddressInfo
    return new Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>(
      (resolve, reject) => {
        const asked = httpRequest({ port, host: '127.0.0.1', path, headers, method }, (answer) => {
          const chunks: Buffer[] = []
          answer.on('data', (chunk) => chunks.push(chunk))
          answer.on('end', () =>
            resolve({
              status: answer.statusCode!,
              headers: answer.headers,
              body: Buffer.concat(chunks),
            }),
          )
        })
        asked.on('error', reject).end()
      },
    )
  }

  it('are the same as the first, headers too, but for what belongs to one request', async () => {
    const first = await ask('/a?s=1')
    const before = served()
    const second = await ask('/a?s=1')
    assert.equal(routed, 1, 'the second was not routed')
    assert.equal(served(), before + 1)
    assert.deepEqual(second.body, first.body)
    const { date: _, 'x-request-id': id, ...rest } = first.headers
    const { date: __, ...ready } = second.headers
    assert.equal(id, '1')
    assert.deepEqual(ready, rest)
  })

  it('are compressed for readers who accept that, and whole for the others', async () => {
    const accept = { 'accept-encoding': 'gzip, br' }
    await ask('/b', accept)
    const [compressed, plain] = [await ask('/b', accept), await ask('/b')]
    assert.equal(compressed.headers['content-encoding'], 'br')
    assert.deepEqual(brotliDecompressSync(compressed.body), plain.body)
    assert.equal(plain.headers['content-encoding'], undefined)
    assert.equal(routed, 2)
  })

  it('are not sent again to readers that have them', async () => {
    const accept = { 'accept-encoding': 'br' }
    const { headers } = await ask('/c', accept)
    const again = await ask('/c', { ...accept, 'if-none-match': headers.etag! })
    assert.equal(again.status, 304)
    assert.equal(again.body.length, 0)
    assert.equal(again.headers['content-encoding'], undefined)
    assert.equal(again.headers['content-type'], undefined)
    assert.equal(again.headers.etag, headers.etag)
    assert.equal(again.headers['content-security-policy'], "default-src 'none'")
    assert.equal(routed, 1)
  })

  it('are found by the path, and only by GET', async () => {
    await ask('/d')
    assert.match((await ask('/dd')).body.toString(), /^dd /)
    assert.equal((await ask('/d', {}, 'POST')).body.toString(), 'posted')
    const head = await ask('/d', {}, 'HEAD')
    assert.equal(head.body.length, 0)
    assert.equal(routed, 4)
  })

  it('are found by what the route reads of the query, and by nothing else of it', async () => {
    await ask('/e')
    for (const query of ['?', '?x', '?x=1&x=2', '?S=1', '?s=', '?s=%zz', '?s=1&s=1'])
      assert.match((await ask(`/e${query}`)).body.toString(), /^e {2}Aza/, query)
    assert.equal(routed, 1)
    for (const query of ['?s=1', '?x=2&s=1', '?s=%31'])
      assert.match((await ask(`/e${query}`)).body.toString(), /^e 1 Aza/, query)
    assert.equal(routed, 2)
    await ask('/e?refused').catch(() => {})
    assert.equal(routed, 3, 'only the route can tell')
  })

  it('are not kept for other spellings of an address', async () => {
    for (const path of ['/g', '/%67', '/%67', '/g#x', '/g#x']) await ask(path)
    assert.equal(routed, 5)
  })

  it('are not kept longer than they are fresh', async () => {
    const { app: soonOld } = await open(SOON_OLD_MS)
    const askAgain = () => ask('/h', {}, 'GET', soonOld)
    await askAgain()
    body = 'changed'
    await setTimeout(SOON_OLD_MS + 20)
    assert.match((await askAgain()).body.toString(), /^h {2}changed$/)
    await soonOld.close()
  })

  it('are not kept for addresses as long as somebody likes', async () => {
    const long = `/f?x=${'y'.repeat(1000)}`
    await ask(long)
    await ask(long)
    assert.equal(routed, 2)
  })
})
