import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import Fastify, { type FastifyInstance } from 'fastify'
import { createAnswerShelf } from '../../src/platform/web/answer-shelf.ts'

/** Longer than a busy machine takes to answer three times. */
const KEPT_MS = 1500
const LONG = 'Azadlıq! '.repeat(500)

describe('answers that are kept', () => {
  let app: FastifyInstance
  let made: number
  let fails = false
  before(async () => {
    app = Fastify()
    const shelf = createAnswerShelf(KEPT_MS)
    made = 0
    app.get<{ Params: { name: string } }>('/:name', async (request, reply) =>
      shelf.send(reply, request.params.name, async () => {
        made++
        await setTimeout(20)
        if (fails) throw new Error('away')
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
})
