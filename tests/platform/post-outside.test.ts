import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createHttp, type RequestListener } from 'node:http'
import { createServer } from 'node:https'
import { type AddressInfo, createServer as createTcp, type Server } from 'node:net'
import { after, describe, it } from 'node:test'
import { freePort } from '../../src/platform/database/embedded/launch-server.ts'
import { type PostMeans, postOutside, whyRefused } from '../../src/platform/post-outside.ts'
import { OWN_AUTHORITY } from '../support/own-authority.ts'

const { ca, other, server: cert, serverKey: key } = OWN_AUTHORITY
const MESSAGE = { headers: { 'content-type': 'application/json' }, body: '{"é":1}' }

describe('a post to an address that somebody has named', () => {
  const closing: Server[] = []
  after(() => {
    for (const server of closing) server.close()
  })
  const listen = async <S extends Server>(server: S, host = '127.0.0.1') => {
    server.listen(0, host)
    await once(server, 'listening')
    closing.push(server)
    return (server.address() as AddressInfo).port
  }
  const https = (listener: RequestListener) => listen(createServer({ cert, key }, listener))
  const post = (url: string, means: Partial<PostMeans> = {}) =>
    postOutside(new URL(url), MESSAGE, { allowLoopback: true, ca, ...means })

  it('arrives whole, by HTTPS, where the certificate is trusted', async () => {
    const got: unknown[] = []
    const port = await https(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      got.push([request.method, request.url, request.headers.host, body])
      response.writeHead(204).end()
    })
    assert.deepEqual(await post(`https://localhost:${port}/hook?a=1`), { status: 204 })
    assert.deepEqual(got, [['POST', '/hook?a=1', `localhost:${port}`, MESSAGE.body]])
    assert.deepEqual(await post(`https://localhost:${port}/`, { ca: other }), {
      why: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    })
    const byName = { resolve: async () => ['127.0.0.1'] }
    assert.deepEqual(await post(`https://elsewhere.example:${port}/`, byName), {
      why: 'ERR_TLS_CERT_ALTNAME_INVALID',
    })
    assert.equal(got.length, 1)
  })

  it('never reaches an address that is not public, however it is spelt or found', async () => {
    let requests = 0
    const port = await listen(createTcp(() => requests++))
    const refused = [
      ...['127.0.0.1', '2130706433', '0x7f.1', '127.1', '[::1]', '[::ffff:127.0.0.1]', '0'],
      ...['[::ffff:7f00:1]', 'localhost', '10.0.0.1', '169.254.169.254', '[fe80::1]', '[fd00::1]'],
    ]
    for (const host of refused) {
      const outcome = await post(`https://${host}:${port}/`, { allowLoopback: false })
      assert.match((outcome as { why: string }).why, /no public address/, host)
    }
    for (const addresses of [['127.0.0.1'], ['8.8.8.8', '10.0.0.1'], ['8.8.8.8', '::1']]) {
      const means = { allowLoopback: false, resolve: async () => addresses }
      const outcome = await post(`https://organisers.example:${port}/`, means)
      assert.match((outcome as { why: string }).why, /leads to .* no public address/)
    }
    assert.equal(requests, 0)
  })

  it('goes to the address that was looked at, though the name leads elsewhere the next moment', async () => {
    const seen: string[] = []
    const server = (name: string, host: string, port: number) => {
      const made = createHttp((_request, response) => {
        seen.push(name)
        response.end()
      })
      made.listen(port, host)
      closing.push(made)
      return once(made, 'listening').then(() => (made.address() as AddressInfo).port)
    }
    const port = await freePort()
    await server('checked', '127.0.0.2', port)
    await server('other', '127.0.0.1', port)
    const answers = [['127.0.0.2'], ['127.0.0.1']]
    const resolve = async () => answers.shift()!
    // Of "localhost" the system's own resolver says 127.0.0.1, where the other listens.
    assert.deepEqual(await post(`http://localhost:${port}/`, { resolve }), { status: 200 })
    assert.deepEqual(seen, ['checked'])
    assert.equal(answers.length, 1, 'a name is resolved once')
  })

  it('follows no redirect', async () => {
    let inner = 0
    const target = await listen(
      createHttp((_request, response) => {
        inner++
        response.end()
      }),
    )
    for (const status of [301, 302, 303, 307, 308]) {
      const port = await https((_request, response) =>
        response.writeHead(status, { location: `http://127.0.0.1:${target}/` }).end(),
      )
      assert.deepEqual(await post(`https://localhost:${port}/`), { status })
    }
    assert.equal(inner, 0)
  })

  it('ends in time with a receiver that hangs, before or after its head', async () => {
    const silent = await listen(createTcp(() => {}))
    const outcome = await post(`https://localhost:${silent}/`, { withinMs: 300 })
    assert.deepEqual(outcome, { why: 'no answer in time' })
    const hanging = { resolve: () => new Promise<string[]>(() => {}), withinMs: 300 }
    assert.deepEqual(await post('https://organisers.example/', hanging), outcome)
    const dripping = await https((_request, response) => response.writeHead(200).write('x'))
    assert.deepEqual(await post(`https://localhost:${dripping}/`), { status: 200 })
  })

  it('asks for a host’s addresses without a thread that a name server can hold', async () => {
    const posted = post('https://hooks.invalid/', { withinMs: 200 })
    assert.ok(!process.getActiveResourcesInfo().includes('GetAddrInfoReqWrap'))
    assert.ok('why' in (await posted))
  })

  it('reads no more than some kilobytes of an answer', async () => {
    let sent = 0
    const ended = new Promise<void>((resolve) => {
      https((_request, response) => {
        const write = () => {
          while (response.write(Buffer.alloc(16_384))) sent += 16_384
        }
        response.on('drain', write).on('close', resolve)
        write()
      }).then(async (port) => assert.deepEqual(await post(`https://localhost:${port}/`), { status: 200 })) // biome-ignore format: one line
    })
    await ended
    assert.ok(sent < 20_000_000, `${sent} bytes`)
  })

  it('says in one line why an address is refused', () => {
    const why = (url: string, allowLoopback = false) => whyRefused(new URL(url), { allowLoopback })
    assert.equal(why('https://organisers.example/hook'), null)
    assert.equal(why('http://localhost:3000/hook', true), null)
    assert.equal(why('http://[::1]:3000/hook', true), null)
    assert.match(why('http://organisers.example/hook')!, /https/)
    assert.match(why('http://organisers.example/hook', true)!, /https/)
    assert.match(why('http://localhost/hook')!, /https/)
    assert.match(why('http://localhost.organisers.example/', true)!, /https/)
    assert.match(why('ftp://organisers.example/')!, /https/)
    assert.match(why('https://anna:secret@organisers.example/')!, /password/)
    assert.match(why('https://10.0.0.1/')!, /no public address/)
  })
})
