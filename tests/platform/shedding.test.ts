import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import formbody from '@fastify/formbody'
import Fastify, { type FastifyInstance } from 'fastify'
import { createAnswerCache } from '../../src/platform/web/answer-cache.ts'
import { createBusyAnswers } from '../../src/platform/web/busy-answers.ts'
import { serverWith } from '../../src/platform/web/create-server.ts'
import { createDraining } from '../../src/platform/web/draining.ts'
import { securityHeaders } from '../../src/platform/web/security-headers.ts'
import { createShedding } from '../../src/platform/web/shedding.ts'
import { type Answer, assertGuarded, createAnswersReader, sendRaw } from '../support/raw-http.ts'

/** Each keeps the event loop busy for so long: the last of a crowd would wait for more than a second. */
const SLOW_MS = 10
const CROWD = 120
/** Longer than a busy machine takes for two crowds at once. */
const LATEST_MS = 10_000
const TYPED = 'name="><script>&comment=two%0D%0Alines&country=DE'

describe('more requests than are answered in time', () => {
  let app: FastifyInstance
  let origin: string
  const waits = { form: 0, link: 0 }
  const warned: number[] = []
  const headers = securityHeaders({ https: false })
  const shedding = createShedding({
    on: true,
    withLink: /^\/en\/confirm\//,
    expectedWaits: { form: () => waits.form, link: () => waits.link },
    logger: { warn: ({ refused }: { refused: number }) => warned.push(refused) } as never,
  })

  before(async () => {
    const answers = createAnswerCache(undefined, LATEST_MS)
    const busy = createBusyAnswers(headers)
    await busy.prepare(async (language, form) =>
      form ? `<form action="${form.action}">${form.fields}</form>` : `busy in ${language}`,
    )
    const front = { ready: answers.ready, draining: createDraining(), shedding, busy }
    app = Fastify({ serverFactory: serverWith(front, headers) })
    await app.register(formbody)
    app.addHook('onRequest', (_request, _reply, done) => {
      for (const end = performance.now() + SLOW_MS; performance.now() < end; );
      done()
    })
    app.get('/en/page', (_request, reply) =>
      answers.send(reply, { key: 'page', make: async () => ({ body: 'page', headers: {} }) }),
    )
    let made = 0
    app.get('/en/old', (_request, reply) =>
      answers.send(reply, {
        key: 'old',
        async make() {
          if (made > 0) await setTimeout(500)
          return { body: `old ${made++}`, headers: {} }
        },
      }),
    )
    app.get('/*', async () => 'read')
    app.post('/*', async () => 'taken')
    await app.listen({ port: 0, host: '127.0.0.1' })
    origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  })
  after(() => app.close())

  const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`
  const post = (path: string, site = 'same-origin') =>
    `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nSec-Fetch-Site: ${site}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${TYPED.length}\r\n\r\n${TYPED}`
  const ask = async (bytes: string) => (await sendRaw(origin, bytes))[0]!
  /** All at the same moment, over connections that are open. */
  async function crowd(bytes: string): Promise<Answer[]> {
    const sockets = await Promise.all(
      Array.from({ length: CROWD }, async () => {
        const socket = connect(Number(new URL(origin).port), '127.0.0.1')
        await once(socket, 'connect')
        return socket
      }),
    )
    await setTimeout(300)
    return Promise.all(
      sockets.map(async (socket) => {
        const read = createAnswersReader([bytes.split(' ')[0]!])
        socket.write(bytes)
        const answers: Answer[] = []
        for await (const chunk of socket) answers.push(...read(chunk))
        return answers[0]!
      }),
    )
  }
  const of = (answers: Answer[], status: number) => answers.filter((each) => each.status === status)

  it('are refused at once, each with its form given back', async () => {
    const answers = await crowd(post('/en/sign?a=1&b=2'))
    const refused = of(answers, 503)
    assert.ok(of(answers, 200).length > 0)
    assert.ok(refused.length > 0)
    assert.equal(of(answers, 200).length + refused.length, CROWD)
    for (const { headers: sent } of refused) {
      assert.equal(sent.get('retry-after'), '30')
      assert.equal(sent.get('cache-control'), 'no-store')
      assertGuarded(sent, 'a refusal')
    }
    const given = refused.find(({ body }) => body.includes('hidden'))
    const html = given!.body.toString()
    assert.match(html, /<form action="\/en\/sign\?a&#x3D;1&amp;b&#x3D;2">/)
    assert.match(html, /name="name" value="&quot;&gt;&lt;script&gt;">/)
    assert.match(html, /name="comment" value="two\r\nlines">/)
    assert.deepEqual(
      shedding.counted().map(({ kind, reason }) => [kind, reason]),
      [['form', 'turn']],
    )
    assert.deepEqual(warned, [1], 'one line, and the next in a minute')
  })

  it('that wait to be written are refused as well, but a crowd alone', async () => {
    waits.form = 10_000
    try {
      assert.equal((await ask(post('/en/sign'))).status, 503)
      assert.equal((await ask(get('/en/other'))).status, 200, 'reads survive')
      assert.equal((await ask(post('/en/confirm/x'))).status, 200, 'so do mailed links')
      waits.link = 10_000
      assert.equal((await ask(post('/en/confirm/x'))).status, 503)
    } finally {
      waits.form = 0
      waits.link = 0
    }
    assert.equal((await ask(post('/en/sign'))).status, 200)
  })

  it('never get another site’s form, but the page of their language, or JSON', async () => {
    waits.form = 10_000
    try {
      const cross = await ask(post('/ru/sign', 'cross-site'))
      assert.equal(cross.body.toString(), 'busy in ru')
      const api = await ask(post('/api/v1/x'))
      assert.equal(JSON.parse(api.body.toString()).statusCode, 503)
      assert.equal(api.headers.get('access-control-allow-origin'), '*')
    } finally {
      waits.form = 0
    }
  })

  it('get no form back that is none of ours: one of thousands of fields, or for another host', async () => {
    waits.form = 10_000
    try {
      const many = 'a=&'.repeat(2000)
      const head = post('/en/sign').split('\r\n\r\n')[0]!
      const long = head.replace(/Content-Length: \d+/, `Content-Length: ${many.length}`)
      const asked = await ask(`${long}\r\n\r\n${many}`)
      assert.equal(asked.status, 503)
      assert.equal(asked.body.toString(), 'busy in en')
      assert.equal((await ask(post('//other.example/en'))).body.toString(), 'busy in en')
      const other = await ask(post('http://other.example/en'))
      assert.equal(other.status, 400, 'its Host names us')
      assert.equal(other.body.toString(), 'the request is malformed\n')
    } finally {
      waits.form = 0
    }
  })

  it('are refused as well where their path only looks like a probe’s or an asset’s', async () => {
    assert.ok(of(await crowd(get('/metrics/x')), 503).length > 0)
    assert.ok(of(await crowd(get('/readyzx')), 503).length > 0)
    // Before links: but nobody gets past the queue by asking for many.
    assert.ok(of(await crowd(get('/assets/x.css')), 503).length > 0)
    waits.link = 10_000
    try {
      assert.equal((await ask(get('/assets/x.css'))).status, 200, 'nothing is written for it')
    } finally {
      waits.link = 0
    }
  })

  it('come after challenges: without one a form’s mail waits', async () => {
    waits.form = 10_000
    try {
      assert.equal((await ask(get('/challenge'))).status, 200, 'nothing is written for it')
    } finally {
      waits.form = 0
    }
    const before = shedding.counted().find(({ kind }) => kind === 'form')?.count ?? 0
    const refused = of(await crowd(get('/challenge')), 503).length
    assert.ok(refused > 0, 'nobody gets past the queue by asking for many')
    const { count } = shedding.counted().find(({ kind }) => kind === 'form')!
    assert.equal(count - before, refused, 'in the order of forms')
  })

  it('get what is kept in memory, also when it is no longer fresh', async () => {
    await ask(get('/en/page'))
    const [pages, reads] = await Promise.all([
      // The crowd first, in the same turn.
      crowd(get('/en/other')).then((first) => of(first, 503)),
      crowd(get('/en/page')),
    ])
    assert.ok(pages.length > 0)
    assert.equal(of(reads, 200).length, CROWD)
  })

  it('get no page that was kept for long: it may hold a name that its signer has taken off', async () => {
    await ask(get('/en/old'))
    await setTimeout(LATEST_MS + 300)
    const [, reads] = await Promise.all([crowd(get('/en/other')), crowd(get('/en/old'))])
    const late = of(reads, 200).filter(({ body }) => body.toString() === 'old 0')
    assert.ok(of(reads, 200).length > 0, 'one of them makes it anew')
    assert.deepEqual(late, [])
  })
})
