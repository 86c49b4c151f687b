import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, describe, it } from 'node:test'
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
      cache.send(reply, {
        key: request.params.name,
        async make() {
          made++
          await setTimeout(20)
          if (fails) throw new Error('a fault')
          await trouble
          const headers = { 'content-type': 'text/plain', 'cache-control': 'public' }
          return { body: `${request.params.name} ${made} ${LONG}`, headers }
        },
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

describe('an answer that repeats something of the query', () => {
  const MAKES = { 'content-type': 'text/html; charset=utf-8' }
  const ENCODINGS = ['identity', 'gzip', 'gzip, br', 'br']
  let app: FastifyInstance
  let made: { ref?: string; source?: string }[]
  let held: () => number
  before(async () => {
    const cache = createAnswerCache(60_000)
    held = () => cache.held() + cache.ready.held()
    app = Fastify({
      serverFactory: serverWith({ ready: cache.ready, draining: createDraining() }, {}),
    })
    app.get('/page', async (_request, reply) =>
      cache.send(reply, {
        key: 'page',
        read: ({ ref, source }) => ({ repeated: { ref: plain(ref), source: plain(source) } }),
        async make({ repeated }) {
          made.push(repeated)
          return { body: write(repeated), headers: MAKES }
        },
      }),
    )
    await app.listen({ port: 0, host: '127.0.0.1' })
  })
  beforeEach(() => {
    made = []
  })
  after(() => app.close())

  const plain = (value: unknown) => (typeof value === 'string' ? value : '')
  const write = ({ ref = '', source = '' }) =>
    `<p>${LONG}<a href="?ref=${ref}&amp;source=${source}">${source}${ref}</a>${LONG}${ref}`

  it('is what it would be, had it been made for it, in each encoding', async () => {
    const tags = new Set<string>()
    for (const encoding of ENCODINGS) {
      for (const [ref, source] of [
        ['', ''],
        ['a', ''],
        ['', 'a'],
        ['a', 'b'],
        ['b', 'a'],
        ['-_'.repeat(16), 'x'.repeat(32)],
      ]) {
        const { headers, rawPayload } = await app.inject({
          path: `/page?ref=${ref}&source=${source}`,
          headers: { 'accept-encoding': encoding },
        })
        const read = { gzip: gunzipSync, br: brotliDecompressSync }[
          headers['content-encoding'] as string
        ]
        assert.equal(
          read !== undefined,
          encoding !== 'identity' && (encoding !== 'br' || !(ref || source)),
        )
        const body = read ? read(rawPayload) : rawPayload
        assert.equal(body.toString(), write({ ref, source }))
        assert.equal(headers.vary, 'accept-encoding')
        tags.add(`${headers.etag} ${headers['content-encoding']} ${ref} ${source}`)
        const again = await app.inject({
          path: `/page?source=${source}&x=y&ref=${ref}`,
          headers: { 'accept-encoding': encoding, 'if-none-match': String(headers.etag) },
        })
        assert.equal(again.statusCode, 304)
      }
    }
    const known = [...tags].map((tag) => tag.split(' ')[0])
    assert.equal(new Set(known).size, tags.size, 'each has a tag of its own')
  })

  it('is made once for all values, and takes no memory for any of them', async () => {
    const { port } = app.server.address() as AddressInfo
    const ask = async (query: string) => {
      const answer = await fetch(`http://127.0.0.1:${port}/page${query}`)
      return answer.text()
    }
    for (const query of ['', '?ref=x', '?source=x', '?ref=x&source=y']) await ask(query)
    made = []
    const before = held()
    for (let nth = 0; nth < 300; nth++) {
      assert.match(await ask(`?ref=made-up-${nth}`), new RegExp(`made-up-${nth}$`))
      await ask(`?source=made-up-${nth}`)
      await ask(`?ref=r${nth}&source=s${nth}`)
      await ask(`?utm_source=made-up-${nth}`)
    }
    assert.deepEqual(made, [])
    assert.equal(held(), before)
  })

  it('lets nothing through that would have to be escaped', async () => {
    const { statusCode, body } = await app.inject('/page?ref=%22%3E%3Cscript%3E')
    assert.equal(statusCode, 500)
    assert.doesNotMatch(body, /<script>/)
  })
})
