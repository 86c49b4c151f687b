import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { platform } from 'node:os'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import Fastify, { type FastifyInstance } from 'fastify'
import { answerClientErrors, serverWith } from '../../src/platform/web/create-server.ts'
import { createDraining } from '../../src/platform/web/draining.ts'
import { createReadyAnswers } from '../../src/platform/web/ready-answers.ts'
import { securityHeaders } from '../../src/platform/web/security-headers.ts'
import { assertGuarded, sendRaw } from '../support/raw-http.ts'
import { until } from '../support/until.ts'

// Over 250 lines: each limit of the server needs a small server and raw connections of its own, which are made here.

const HEADERS_TIMEOUT_MS = 400
const REQUEST_TIMEOUT_MS = 800
const CHECKING_INTERVAL_MS = 100
/** A busy machine may be late. Left to Node's own times, it would be a minute. */
const LATE_MS = 30_000
/** For what is about something else than time. */
const PATIENT = { headersTimeout: 60_000, requestTimeout: 60_000, silence: 60_000 }
const SILENCE_MS = 1000
const MAX_CONNECTIONS = 5
/** Cut off at 1,000 a second. */
const CROWD = 500
/** More than the buffers of both ends hold. */
const LARGE_BYTES = 20_000_000

describe('the server', () => {
  let app: FastifyInstance
  const draining = createDraining()
  let origin: string

  before(async () => {
    app = serverFor({ maxConnections: MAX_CONNECTIONS, silence: SILENCE_MS }, draining)
    app.get('/', async () => 'here')
    app.get('/bytes', async () => Buffer.from('bytes'))
    app.get('/large', async () => Buffer.alloc(LARGE_BYTES))
    app.get('/half', async (_request, reply) => {
      reply.raw.writeHead(200, { 'content-length': 10 })
      reply.raw.write('half')
      return reply.hijack()
    })
    app.post('/', async () => 'posted')
    await app.listen({ port: 0, host: '127.0.0.1' })
    origin = originOf(app)
  })
  after(() => app.close())

  async function timed(bytes: string) {
    const start = performance.now()
    const [answer] = await sendRaw(origin, bytes)
    return { answer, took: performance.now() - start }
  }

  it('cuts off who is silent, or slow with the headers, when it says it does', async () => {
    // The last may yet become the preface of HTTP/2.
    for (const begun of ['G', 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow:', 'PRI /x HTTP/1.1\r\n\r\n']) {
      const { answer, took } = await timed(begun)
      assert.equal(answer?.status, 408, begun)
      assertGuarded(answer!.headers, begun)
      assert.ok(took >= HEADERS_TIMEOUT_MS && took < HEADERS_TIMEOUT_MS + LATE_MS, `${took} ms`)
    }
  })

  it('cuts off who is slow with the body', async () => {
    const head =
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\n'
    const { answer, took } = await timed(`${head}half`)
    assert.equal(answer?.status, 408)
    assertGuarded(answer!.headers, 'a slow body')
    assert.ok(took >= REQUEST_TIMEOUT_MS && took < REQUEST_TIMEOUT_MS + LATE_MS, `${took} ms`)
  })

  it('lets go of who takes nothing of its answer', async () => {
    const socket = connect(Number(new URL(origin).port), '127.0.0.1')
    socket.pause()
    socket.write('GET /large HTTP/1.1\r\nHost: x\r\n\r\n')
    const start = performance.now()
    const [{ socket: served }] = (await once(app.server, 'request')) as [IncomingMessage]
    await once(served, 'close')
    const took = performance.now() - start
    assert.ok(took >= SILENCE_MS / 2 && took < SILENCE_MS * 2 + LATE_MS, `${took} ms`)
    socket.destroy()
  })

  it('puts no refusal into the middle of an answer', async () => {
    const bytes = 'GET /half HTTP/1.1\r\nHost: x\r\n\r\nthis is no request\r\n\r\n'
    assert.deepEqual(await sendRaw(origin, bytes), [])
  })

  it('puts no leave to go on into the middle of an answer', async () => {
    const bytes = ['/', '/bytes'].map((path) => {
      const close = path === '/' ? '' : 'Connection: close\r\n'
      return `GET ${path} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n${close}\r\n`
    })
    const answers = await sendRaw(origin, bytes.join(''), ['GET', 'GET'])
    assert.deepEqual(
      answers.map(({ body }) => body.toString()),
      ['here', 'bytes'],
    )
  })

  describe('with as many connections as it may have', () => {
    let crowded: FastifyInstance
    let crowdedOrigin: string
    const served: Socket[] = []
    let asked: number
    let answerLater: () => void
    before(async () => {
      crowded = serverFor({ maxConnections: MAX_CONNECTIONS, ...PATIENT })
      crowded.get('/', async () => 'here')
      const later = new Promise<string>((resolve) => {
        answerLater = () => resolve('later')
      })
      asked = 0
      crowded.get('/later', () => {
        asked++
        return later
      })
      crowded.post('/', async () => 'posted')
      crowded.server.on('connection', (socket) => served.push(socket))
      await crowded.listen({ port: 0, host: '127.0.0.1' })
      crowdedOrigin = originOf(crowded)
    })
    after(() => crowded.close())
    const untilHeard = () =>
      until(() => served.filter(({ bytesRead }) => bytesRead > 0).length === MAX_CONNECTIONS)
    const untilOpen = (count: number) =>
      until(
        () =>
          new Promise<boolean>((resolve) =>
            crowded.server.getConnections((_, open) => resolve(open === count)),
          ),
        { everyMs: 10 },
      )
    const open = async () => {
      const socket = connect(Number(new URL(crowdedOrigin).port), '127.0.0.1')
      await once(socket, 'connect')
      return socket
    }
    const openAll = () => Promise.all(Array.from({ length: MAX_CONNECTIONS }, open))
    const ask = async (socket: Socket, path = '/') => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)
      const [bytes] = (await once(socket, 'data')) as [Buffer]
      return bytes.toString()
    }
    const request = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'

    it('lets newcomers in, and closes those that have been idle for longest', async () => {
      const kept = await openAll()
      for (const socket of kept) assert.match(await ask(socket), /^HTTP\/1\.1 200 /)
      // No longer the one that has been idle for longest.
      assert.match(await ask(kept[0]!), /^HTTP\/1\.1 200 /)
      for (const socket of kept) socket.resume().on('error', () => {})
      for (let nth = 0; nth < 3; nth++) {
        assert.equal((await sendRaw(crowdedOrigin, request))[0]?.status, 200)
        await untilOpen(MAX_CONNECTIONS - 1)
      }
      await until(() => kept[1]!.readyState !== 'open')
      assert.deepEqual(
        kept.map(({ readyState }) => readyState === 'open'),
        [true, false, true, true, true],
      )
      for (const socket of kept) socket.destroy()
      await untilOpen(0)
    })

    it('lets a newcomer in rather than wait for forms that come letter by letter', async () => {
      served.length = 0
      const slow = await openAll()
      for (const socket of slow) {
        socket.resume().on('error', () => {})
        socket.write(
          'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\nx',
        )
      }
      await untilHeard()
      // Connected, and about to ask: younger than the slow ones.
      const fresh = await Promise.all([open(), open()])
      assert.equal((await sendRaw(crowdedOrigin, request))[0]?.status, 200)
      for (const socket of fresh) assert.match(await ask(socket), /^HTTP\/1\.1 200 /)
      for (const socket of [...slow, ...fresh]) socket.destroy()
      await untilOpen(0)
    })

    it('closes nobody who waits for an answer, and a newcomer rather', async () => {
      const kept = await openAll()
      const answers = kept.map((socket) => ask(socket, '/later'))
      await until(() => asked === MAX_CONNECTIONS)
      assert.deepEqual(await sendRaw(crowdedOrigin, request), [])
      answerLater()
      for (const answer of answers) assert.match(await answer, /^HTTP\/1\.1 200 /)
      for (const socket of kept) socket.destroy()
    })
  })
})

describe('a crowd of slow connections', () => {
  let app: FastifyInstance
  let port: number
  before(async () => {
    app = serverFor({ maxConnections: 2 * CROWD })
    app.get('/', async () => 'here')
    await app.listen({ port: 0, host: '127.0.0.1' })
    port = (app.server.address() as AddressInfo).port
  })
  after(() => app.close())

  it('is cut off in turn; whose headers arrive meanwhile is answered', async () => {
    const cutAt: number[] = []
    const slow = Array.from({ length: CROWD }, () => {
      const socket = connect(port, '127.0.0.1').on('error', () => {})
      socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n')
      return socket
    })
    const answered = slow.map(async (socket) => {
      const [bytes] = (await once(socket, 'data')) as [Buffer]
      cutAt.push(performance.now())
      return bytes.toString('latin1', 0, 12)
    })
    await Promise.race(answered)
    slow.at(-1)!.write('\r\n')
    const statuses = await Promise.all(answered)
    assert.equal(statuses.pop(), 'HTTP/1.1 200')
    assert.deepEqual([...new Set(statuses)], ['HTTP/1.1 408'])
    const spread = cutAt.at(-1)! - cutAt[0]!
    assert.ok(spread >= CROWD * 0.8, `${spread} ms for ${CROWD} connections`)
    for (const socket of slow) socket.destroy()
  })
})

describe('one address with most of the connections', () => {
  const MOST = 40
  const SLOW = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\n'
  let app: FastifyInstance
  before(async () => {
    app = serverFor({ maxConnections: MOST, ...PATIENT })
    app.get('/', async () => 'here')
    app.post('/', async () => 'posted')
    await app.listen({ port: 0, host: '127.0.0.1' })
  })
  after(() => app.close())

  it('puts out none from elsewhere, however old', { skip: platform() !== 'linux' }, async () => {
    const { port } = app.server.address() as AddressInfo
    const open = async (localAddress: string) => {
      const socket = connect({ port, host: '127.0.0.1', localAddress }).on('error', () => {})
      await once(socket, 'connect')
      socket.write(SLOW)
      return socket
    }
    const honest = await Promise.all(['127.0.0.2', '127.0.0.3'].map(open))
    const flood: Socket[] = []
    for (let nth = 0; nth < 2 * MOST; nth++) flood.push((await open('127.0.0.4')).resume())
    for (const socket of honest) {
      socket.write('123456789')
      const answer = await Promise.race([once(socket, 'data'), once(socket, 'close')])
      assert.match(String(answer[0]), /^HTTP\/1\.1 200 /)
    }
    for (const socket of [...honest, ...flood]) socket.destroy()
  })
})

describe('readers who take an answer byte by byte', () => {
  const MOST = 20
  const READ_WITHIN_MS = 2000
  let app: FastifyInstance
  before(async () => {
    app = serverFor({ maxConnections: MOST, readWithin: READ_WITHIN_MS })
    app.get('/', async () => 'here')
    app.get('/large', async () => Buffer.alloc(LARGE_BYTES))
    await app.listen({ port: 0, host: '127.0.0.1' })
  })
  after(() => app.close())

  it('give their places to newcomers; one who has just begun to read keeps theirs', {
    skip: platform() !== 'linux',
  }, async () => {
    const { port } = app.server.address() as AddressInfo
    const begin = async (localAddress: string) => {
      const socket = connect({ port, host: '127.0.0.1', localAddress }).on('error', () => {})
      socket.write('GET /large HTTP/1.1\r\nHost: x\r\n\r\n')
      await once(socket, 'readable')
      return socket
    }
    const flood = await Promise.all(Array.from({ length: MOST - 1 }, () => begin('127.0.0.2')))
    await setTimeout(READ_WITHIN_MS / 2)
    const reader = await begin('127.0.0.3')
    for (let nth = 0; nth < 5; nth++) {
      const [answer] = await sendRaw(
        `http://127.0.0.1:${port}`,
        'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      )
      assert.equal(answer?.status, 200)
    }
    let read = 0
    for await (const chunk of reader) {
      read += (chunk as Buffer).length
      if (read >= LARGE_BYTES) break
    }
    assert.ok(read >= LARGE_BYTES, `${read} bytes`)
    for (const socket of flood) socket.destroy()
  })
})

const originOf = ({ server }: FastifyInstance) =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`

function serverFor(
  limits: {
    maxConnections: number
    headersTimeout?: number
    requestTimeout?: number
    silence?: number
    readWithin?: number
  },
  draining = createDraining(),
): FastifyInstance {
  const headers = securityHeaders({ https: false })
  return Fastify({
    clientErrorHandler: answerClientErrors(headers),
    serverFactory: serverWith({ ready: createReadyAnswers(), draining }, headers, {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECKING_INTERVAL_MS,
      ...limits,
    }),
  })
}
