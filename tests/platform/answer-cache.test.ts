import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import Fastify, { type FastifyInstance } from 'fastify'
import { createAnswerCache } from '../../src/platform/web/answer-cache.ts'
import { serverWith } from '../../src/platform/web/create-server.ts'
import { createDraining } from '../../src/platform/web/draining.ts'

/** Longer than a busy machine takes to answer three times. */
const KEPT_MS = 1500
const LONG = 'Azadlıq! '.repeat(500)

describe('answers that are kept', () => {
  let app: FastifyInstance
  let made: number
  let fails = false
  let trouble: Promise<void> | undefined
  before(async () => {
    app = Fastify()
    const cache = createAnswerCache(KEPT_MS)
    made = 0
    app.get<{ Params: { name: string } }>('/:name', async (request, reply) =>
      cache.send(reply, request.params.name, async () => {
        made++
        await setTimeout(20)
        if (fails) throw new Error('a fault')
        await trouble
        const headers = { 'content-type': 'text/plain', 'cache-control': 'public' }
        return { body: `${request.params.name} ${made} ${LONG}`, headers }
      }),
    )
    await app.ready()
  })
  after(() => app.close())

  const get = (path: string, headers = {}) => app.inject({ path, headers })

  it('are made once, however many ask at the same moment, and anew after a while', async () => {
    const many = await Promise.all(Array.from({ length: 50 }, () => get('/a')))
    assert.equal(made, 1)
    assert.equal(new Set(many.map(({ body }) => body)).size, 1)
    await setTimeout(KEPT_MS + 50)
    await get('/a')
    assert.equal(made, 2)
  })

  it('go out as small as the reader understands, each under a tag of its own', async () => {
    const plain = await get('/b')
    const br = await get('/b', { 'accept-encoding': 'gzip, deflate, br' })
    const gzip = await get('/b', { 'accept-encoding': 'gzip, br;q=0' })
    assert.equal(plain.headers['content-encoding'], undefined)
    assert.equal(br.headers['content-encoding'], 'br')
    assert.equal(brotliDecompressSync(br.rawPayload).toString(), plain.body)
    assert.equal(gzip.headers['content-encoding'], 'gzip')
    assert.equal(gunzipSync(gzip.rawPayload).toString(), plain.body)
    const tags = [plain, br, gzip].map(({ headers }) => headers.etag)
    assert.equal(new Set(tags).size, 3)
    assert.ok([plain, br, gzip].every(({ headers }) => headers.vary === 'accept-encoding'))
    const again = await get('/b', {
      'accept-encoding': 'br',
      'if-none-match': `W/${br.headers.etag}`,
    })
    assert.equal(again.statusCode, 304)
    assert.equal(again.headers['content-encoding'], undefined)
    assert.equal(again.body, '')
  })

  it('are never another address’s', async () => {
    const [one, two] = await Promise.all([get('/one'), get('/two')])
    assert.match(one.body, /^one /)
    assert.match(two.body, /^two /)
  })

  it('keep no failure', async () => {
    fails = true
    assert.equal((await get('/c')).statusCode, 500)
    fails = false
    assert.equal((await get('/c')).statusCode, 200)
  })

  it('are given again while the database is away, and while it gives no answer', async () => {
    const kept = (await get('/d')).body
    const away = Object.assign(new Error('away'), { code: 'ECONNREFUSED' })
    for (const hindered of [() => Promise.reject(away), () => new Promise<void>(() => {})]) {
      await setTimeout(KEPT_MS)
      trouble = hindered()
      trouble.catch(() => {})
      const before = made
      assert.equal((await get('/d')).body, kept)
      assert.equal(made, before + 1, 'it was tried')
    }
    assert.equal((await get('/d')).body, kept)
    trouble = undefined
  })
})

it('a flood of made-up sources puts no page out that everyone reads, nor what is ready', async () => {
  const cache = createAnswerCache(60_000)
  const made = new Map<string, number>()
  const app = Fastify({
    serverFactory: serverWith({ ready: cache.ready, draining: createDraining() }, {}),
  })
  let routed = 0
  app.addHook('onRequest', async () => {
    routed++
  })
  app.get<{ Params: { name: string }; Querystring: { source?: string } }>(
    '/:name',
    async ({ params: { name }, query: { source = '' } }, reply) => {
      const key = `${name} ${source}`
      const make = async () => {
        made.set(key, (made.get(key) ?? 0) + 1)
        return { body: key, headers: { 'content-type': 'text/plain' } }
      }
      return cache.send(reply, key, make, source ? 'attributed' : 'plain')
    },
  )
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  const ask = async (path: string) => (await fetch(`${origin}${path}`)).text()
  try {
    for (const path of ['/a', '/b', '/a?source=chat']) await ask(path)
    for (let nth = 0; nth < 700; nth++) await ask(`/a?source=made-up-${nth}`)
    for (let nth = 0; nth < 700; nth++) await ask(`/b?utm=made-up-${nth}`)
    routed = 0
    assert.equal(await ask('/a'), 'a ')
    assert.equal(await ask('/b'), 'b ')
    assert.equal(routed, 0, 'both were still ready')
    assert.deepEqual([made.get('a '), made.get('b ')], [1, 1])
    // What is made up is kept too, as long as there is room.
    await ask('/a?source=made-up-699')
    assert.equal(made.get('a made-up-699'), 1)
    await ask('/a?source=chat')
    assert.equal(made.get('a chat'), 2)
  } finally {
    await app.close()
  }
})
