import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import Fastify, { type FastifyInstance } from 'fastify'
import { serverWith } from '../../src/platform/web/create-server.ts'
import { closeWeb, createDraining, type Draining } from '../../src/platform/web/draining.ts'
import { createReadyAnswers } from '../../src/platform/web/ready-answers.ts'
import { type Answer, createAnswersReader } from '../support/raw-http.ts'

const DRAIN_MS = 1500
/** Where something else ends it: that nobody is connected any more. */
const LONG_DRAIN_MS = 120_000
const TIMES = { quiet: 200, finish: 1000 }
/** For answers under way, whatever the machine does meanwhile. */
const PATIENT = { ...TIMES, finish: 60_000 }
/** A busy machine may be late. */
const LATE_MS = 30_000
const CLIENTS = 20
const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'
const LATER = 'GET /later HTTP/1.1\r\nHost: x\r\n\r\n'
const POST =
  'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nform'

describe('a web that was asked to stop', () => {
  let app: FastifyInstance
  let draining: Draining
  let port: number
  beforeEach(async () => {
    draining = createDraining()
    app = Fastify({
      serverFactory: serverWith({ ready: createReadyAnswers(), draining }, {}),
      return503OnClosing: false,
    })
    app.get('/', async () => 'here')
    app.get('/later', () => setTimeout(300, 'later'))
    app.post('/', async ({ body }) => `got ${body}`)
    await app.listen({ port: 0, host: '127.0.0.1' })
    port = (app.server.address() as AddressInfo).port
  })
  afterEach(() => app.close())

  async function open(): Promise<Socket> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    return socket
  }
  /** Sends, and reads until the server ends the connection. */
  async function askLast(socket: Socket, bytes: string, methods: string[]): Promise<Answer[]> {
    const read = createAnswersReader(methods)
    const answers: Answer[] = []
    socket.write(bytes)
    for await (const chunk of socket) answers.push(...read(chunk))
    return answers
  }
  async function warm(socket: Socket): Promise<void> {
    socket.write(GET)
    await once(socket, 'data')
  }
  const bodies = (answers: Answer[]) => answers.map(({ body }) => body.toString())

  it('answers forms on connections that were kept alive, and lets each end with its answer', async () => {
    const kept = await open()
    await warm(kept)
    const closed = closeWeb(app, draining, LONG_DRAIN_MS, PATIENT)
    await setTimeout(200)
    // While the other is there, it is not quiet.
    const newcomer = await open()
    const [answer] = await askLast(kept, POST, ['POST'])
    assert.equal(answer?.body.toString(), 'got form')
    assert.equal(answer?.headers.get('connection'), 'close')
    const [fresh] = await askLast(newcomer, POST, ['POST'])
    assert.equal(fresh?.status, 200)
    await closed
    await assert.rejects(open())
  })

  it('answers all requests that came in one piece, the last with the end', async () => {
    const kept = await open()
    await warm(kept)
    const closed = closeWeb(app, draining, LONG_DRAIN_MS, PATIENT)
    const answers = await askLast(kept, GET + LATER + POST, ['GET', 'GET', 'POST'])
    assert.deepEqual(bodies(answers), ['here', 'later', 'got form'])
    const ends = answers.map(({ headers }) => headers.get('connection'))
    assert.deepEqual(ends, ['keep-alive', 'keep-alive', 'close'])
    await closed
  })

  it('answers HTTP/1.0, kept alive or not', async () => {
    const other = await open()
    const closed = closeWeb(app, draining, LONG_DRAIN_MS, PATIENT)
    for (const header of ['', 'Connection: keep-alive\r\n']) {
      const answers = await askLast(await open(), `GET / HTTP/1.0\r\n${header}\r\n`, ['GET'])
      assert.deepEqual(bodies(answers), ['here'])
    }
    other.destroy()
    await closed
  })

  it('closes idle connections no sooner than it has to', async () => {
    const idle = await open()
    await warm(idle)
    const begun = performance.now()
    const closed = closeWeb(app, draining, DRAIN_MS, TIMES)
    idle.resume()
    await once(idle, 'close')
    assert.ok(performance.now() - begun >= DRAIN_MS - 100)
    await closed
  })

  it('finishes answers under way after that', async () => {
    const asking = await open()
    const closed = closeWeb(app, draining, 0, PATIENT)
    const [answer] = await askLast(asking, LATER, ['GET'])
    assert.equal(answer?.body.toString(), 'later')
    await closed
  })

  it('waits for nobody who holds half a request', async () => {
    const half = await open()
    const heard = once(app.server, 'request')
    half.write(POST.slice(0, -2))
    // Its head was read.
    await heard
    const begun = performance.now()
    await closeWeb(app, draining, 0, TIMES)
    assert.ok(performance.now() - begun < TIMES.finish + LATE_MS)
    half.destroy()
  })

  it('resets and refuses nobody under load until it has stopped listening', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
    const outcomes = new Map<string, number>()
    let stopped = false
    const ask = () =>
      new Promise<string>((resolve) => {
        const sent = request({ agent, port, host: '127.0.0.1', method: 'POST', path: '/' })
        sent.setHeader('content-type', 'text/plain')
        // A connection that was still to be accepted is reset, as later ones are refused.
        sent.on('error', (error) => resolve(app.server.listening ? error.message : 'gone'))
        sent.on('response', (response) => {
          response.resume()
          response.on('end', () => resolve(String(response.statusCode)))
        })
        sent.end('form')
      })
    const client = async () => {
      while (!stopped) {
        const outcome = await ask()
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
        if (outcome === 'gone') return
      }
    }
    const clients = Array.from({ length: CLIENTS }, client)
    await setTimeout(300)
    await closeWeb(app, draining, DRAIN_MS, TIMES)
    stopped = true
    await Promise.all(clients)
    agent.destroy()
    outcomes.delete('gone')
    assert.deepEqual([...outcomes.keys()], ['200'], JSON.stringify([...outcomes]))
  })
})
