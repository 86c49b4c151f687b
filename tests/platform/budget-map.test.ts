import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import Fastify from 'fastify'
import { BudgetMap, bytesByName, heldBytes, ownBytes } from '../../src/platform/budget-map.ts'
import { createAnswerCache } from '../../src/platform/web/answer-cache.ts'
import { parseQuery } from '../../src/platform/web/read-query.ts'
import { securityHeaders } from '../../src/platform/web/security-headers.ts'

const MB = 1024 * 1024
/** What the heap grows by for other reasons meanwhile. */
const NOISE_BYTES = MB

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/**
 * Bytes of heap and buffers in use. Memory of buffers is freed a while after the objects that held them: it is measured
 * until it falls no more.
 */
async function used(): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let still = 0; still < 5; still++) {
    collect()
    await new Promise((resolve) => setTimeout(resolve, 50))
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    const now = heapUsed + arrayBuffers
    if (now < least * 0.99) still = 0
    least = Math.min(least, now)
  }
  return least
}

describe('a map with a budget', () => {
  it('puts out what was set longest ago, and says what it holds', () => {
    const map = new BudgetMap<Buffer>(4200, heldBytes)
    for (const key of ['a', 'b', 'c']) map.set(key, Buffer.alloc(1000))
    map.set('a', Buffer.alloc(1000))
    map.set('d', Buffer.alloc(1000))
    assert.deepEqual(
      ['a', 'b', 'c', 'd'].filter((key) => map.get(key)),
      ['a', 'c', 'd'],
    )
    assert.ok(map.bytes > 3000 && map.bytes <= 4000)
    for (const key of ['a', 'c', 'd']) map.delete(key)
    assert.equal(map.bytes, 0)
  })

  it('keeps no value that is larger than all of it, nor one that has grown to be', () => {
    const map = new BudgetMap<{ size: number }>(4000, ({ size }) => size)
    map.set('a', { size: 1000 })
    map.set('huge', { size: 5000 })
    assert.equal(map.get('huge'), undefined)
    const grows = { size: 0 }
    map.set('b', grows)
    grows.size = 5000
    map.weigh('b', { size: 5000 })
    assert.equal(map.get('b'), grows, 'another value was weighed')
    map.weigh('b', grows)
    assert.equal(map.get('b'), undefined)
    assert.equal(map.bytes, 0)
  })

  it('sets a key as quickly again and again as once', () => {
    const map = new BudgetMap<number>(32 * MB, () => 100)
    for (let nth = 0; nth < 50_000; nth++) map.set(`filled ${nth}`, nth)
    // The best of some: what else the machine does makes others longer.
    const timeOf = (key: (nth: number) => string) => {
      const times = Array.from({ length: 5 }, () => {
        const begun = performance.now()
        for (let nth = 0; nth < 20_000; nth++) map.set(key(nth), nth)
        return performance.now() - begun
      })
      return Math.min(...times)
    }
    const [each, same] = [timeOf((nth) => `filled ${nth}`), timeOf(() => 'of all')]
    assert.ok(same < 10 * each, `${same} ms, and ${each} ms`)
  })

  it('tells what all maps of a name hold', () => {
    const maps = [1, 2].map(() => new BudgetMap<number>(MB, () => 500, 'test_maps'))
    for (const map of maps) map.set('key', 1)
    assert.equal(bytesByName().get('test_maps'), maps[0]!.bytes * 2)
  })

  it('takes no more memory than it says, whatever its keys were cut from', async () => {
    for (const size of [0, 100, 10_000]) {
      const map = new BudgetMap<Buffer>(8 * MB, heldBytes)
      const before = await used()
      for (let nth = 0; nth < 40_000; nth++) {
        const key = `${nth} ${randomBytes(40).toString('hex')}${'x'.repeat(2000)}`.slice(0, 80)
        map.set(key, ownBytes(Buffer.alloc(size)))
      }
      const grown = (await used()) - before
      assert.ok(map.bytes <= 8 * MB, `${size}: ${map.bytes}`)
      assert.ok(map.bytes > 7 * MB, `${size}: ${map.bytes}`)
      assert.ok(grown < map.bytes + NOISE_BYTES, `${size}: ${grown} instead of ${map.bytes}`)
      assert.ok(grown > map.bytes / 3, `${size}: ${grown} instead of ${map.bytes}`)
    }
  })
})

describe('answers in memory', () => {
  for (const { size, count } of [
    { size: 1, count: 2000 },
    { size: 20_000, count: 600 },
  ]) {
    it(`of ${size} characters take no more than the cache says, and stay in its budget`, async () => {
      const cache = createAnswerCache(60_000)
      const app = Fastify({ routerOptions: { querystringParser: parseQuery } })
      app.addHook('onRequest', async (_request, reply) => {
        reply.headers(securityHeaders({ https: true }))
      })
      app.get<{ Params: { name: string } }>('/:name', async (request, reply) =>
        cache.send(reply, {
          key: request.params.name,
          read: ({ ref }) => ({ repeated: { ref: typeof ref === 'string' ? ref : '' } }),
          make: async ({ repeated: { ref = '' } }) => ({
            body: ref + randomBytes(size).toString('hex').slice(0, size),
            headers: { 'content-type': 'text/plain' },
          }),
        }),
      )
      const ask = (nth: number) =>
        Promise.all(
          ['br', 'gzip', 'identity'].flatMap((encoding) =>
            ['', '?ref=x'].map((query) =>
              app.inject({ path: `/${nth}${query}`, headers: { 'accept-encoding': encoding } }),
            ),
          ),
        )
      // What Fastify and zlib need for themselves.
      for (let nth = 0; nth < 50; nth++) await ask(nth)
      const before = { held: cache.held() + cache.ready.held(), used: await used() }
      for (let nth = 0; nth < count; nth++) await ask(nth)
      const grown = (await used()) - before.used
      assert.ok(cache.held() <= 16 * MB && cache.ready.held() <= 16 * MB)
      const held = cache.held() + cache.ready.held() - before.held
      assert.ok(grown < held + NOISE_BYTES, `${grown} instead of ${held}`)
      await app.close()
    })
  }
})
