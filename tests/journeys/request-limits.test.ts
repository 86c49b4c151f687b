import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { DEMO } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { assertGuarded, createAnswersReader, sendRaw } from '../support/raw-http.ts'

const HOST = 'Host: petitions.test\r\n'
const CLOSE = 'Connection: close\r\n'
const FORM = 'Content-Type: application/x-www-form-urlencoded\r\n'
const CHUNKED = 'Transfer-Encoding: chunked\r\n'
const SIGN = `/en/p/${DEMO}/signatures`
const KB = 1024
const x = (count: number) => 'x'.repeat(count)

/** @param head more lines of it, each with its end */
const get = (path: string, head = '', version = '1.1') =>
  `GET ${path} HTTP/${version}\r\n${HOST}${CLOSE}${head}\r\n`
const post = (body: string, head = `Content-Length: ${Buffer.byteLength(body)}\r\n`, path = SIGN) =>
  `POST ${path} HTTP/1.1\r\n${HOST}${CLOSE}${FORM}${head}\r\n${body}`
const chunks = (size: string, rest = 'a=b\r\n0\r\n\r\n') => post(`${size}\r\n${rest}`, CHUNKED)
const lines = (count: number) =>
  Array.from({ length: count }, (_, nth) => `X-${nth}: y\r\n`).join('')

/** What is sent, and the status of the answer. Every answer closes its connection, and has the headers of a page. */
const TABLE: Record<string, [status: number, bytes: string][]> = {
  'headers are 100 at most, and 16 kB with the address': [
    [200, get('/en/', lines(90))],
    [431, get('/en/', lines(120))],
    [431, get('/en/', 'a:b\r\n'.repeat(2400))],
    [200, get('/en/', `X: ${x(15 * KB)}\r\n`)],
    [431, get('/en/', `X: ${x(16 * KB)}\r\n`)],
    [200, get(`/en/?y=${x(15 * KB)}`)],
    [431, get(`/en/?y=${x(16 * KB)}`)],
    [404, get(`/en${'/a'.repeat(7000)}`)],
    [404, get(`/en/p/${x(200)}`)],
    [414, get(`/en/p/${x(201)}`)],
  ],
  'a body is at most 16 kB, at each address, however it is sent': [
    [422, post(`name=${x(16 * KB - 5)}`)],
    [413, post(`name=${x(16 * KB - 4)}`)],
    [413, post('', 'Content-Length: 1000000000000\r\n')],
    [413, chunks((17 * KB).toString(16), `${x(17 * KB)}\r\n0\r\n\r\n`)],
    [413, post(x(17 * KB), `Content-Length: ${17 * KB}\r\nExpect: 100-continue\r\n`)],
    ...['', '/withdraw', '/../../confirm/x', '/../../unsubscribe/x', '/../../nowhere'].map(
      (path): [number, string] => [413, post(x(17 * KB), undefined, `/en/p/${DEMO}${path}`)],
    ),
  ],
  'a body is a form, never packed, in no other kind': [
    [415, post('a=b', 'Content-Encoding: gzip\r\nContent-Length: 3\r\n')],
    [
      415,
      post(
        gzipSync(x(1_000_000)).toString('latin1'),
        'Content-Encoding: br\r\nContent-Length: 9\r\n',
      ),
    ],
    [415, get('/en/', 'Content-Encoding: deflate\r\n')],
    [422, post('a=b', 'Content-Encoding: identity\r\nContent-Length: 3\r\n')],
    [400, post('0\r\n\r\n', 'Transfer-Encoding: gzip, chunked\r\n')],
    [
      415,
      post('--b--', 'Content-Length: 5\r\n').replace(
        FORM,
        'Content-Type: multipart/form-data; boundary=b\r\n',
      ),
    ],
    [415, post('a=b').replace(FORM, '')],
  ],
  'what a proxy could understand otherwise is refused': [
    [400, post('0\r\n\r\n', `Content-Length: 5\r\n${CHUNKED}`)],
    [400, post('a=b', 'Content-Length: 3\r\nContent-Length: 4\r\n')],
    [400, post('a=b', 'Content-Length: 3\r\nContent-Length: 3\r\n')],
    ...['+3', '0x3', '-3', '3, 3', '3 3', x(2), '99999999999999999999'].map(
      (length): [number, string] => [400, post('a=b', `Content-Length: ${length}\r\n`)],
    ),
    ...['xchunked', 'chunked, chunked', 'identity', 'chunked;q=1', 'gzip'].map(
      (coding): [number, string] => [400, post('0\r\n\r\n', `Transfer-Encoding: ${coding}\r\n`)],
    ),
    [400, chunks('3').replace('HTTP/1.1', 'HTTP/1.0')],
    [422, chunks('3')],
    [422, chunks('3;name=value')],
    [413, chunks(`3;${x(17 * KB)}`)],
    [400, chunks('-3')],
    [400, chunks('ffffffffffffffffff')],
    [400, post('3\na=b\r\n0\r\n\r\n', CHUNKED)],
    [422, chunks('3', 'a=b\r\n0\r\nX-Trailer: y\r\n\r\n')],
    [400, chunks('3', 'a=b\r\n0\r\nContent-Length: 9\r\n\r\n')],
    [431, chunks('3', `a=b\r\n0\r\nX-Trailer: ${x(17 * KB)}\r\n\r\n`)],
    [400, get('/en/').replace('\r\n', '\n')],
    [400, get('/en/', 'X: y\r\n z\r\n')],
    [400, get('/en/', 'X: y\rz\r\n')],
    [400, get('/en/', 'X : y\r\n')],
    [400, get('/en/', 'X: y\0z\r\n')],
    [400, get('/en/', HOST)],
    [400, get('/en/', 'hOST: evil.example\r\n')],
    [400, get('/en/').replace('petitions.test', 'a/b@c')],
    [400, get('/en/').replace(HOST, '')],
    [400, get('http://evil.example/en/')],
    [400, get('http://petitions.test@evil.example/en/')],
    [200, get('http://PETITIONS.test/en/')],
    [200, get('/en/', '', '1.0').replace(HOST, '')],
    [400, get('/en/', '', '1.2')],
    [400, get('/en/', '', '2.0')],
  ],
  'an address is ASCII, decodes to UTF-8, and names nothing beside it': [
    [400, get('/en/\0')],
    [400, get('/en/é')],
    [400, get('/en/%ff')],
    [400, get('/en/p%c0%afx')],
    [400, get('/en/%ed%a0%80')],
    [404, get('/en/a%00b')],
    [200, get(`/en/p/${DEMO}?ref=%ff%c0%af%00&source=%zz`)],
    [404, get('/assets/%2e%2e%2fmanifest.json')],
    [403, get('/assets/../manifest.json')],
    [200, get('http://petitions.test/en/')],
    [404, get('/en/').replace('GET', 'TRACE')],
    [405, get('petitions.test:443').replace('GET', 'CONNECT')],
    [400, get('/en/').replace('GET', 'MADE-UP')],
    [200, get('/en/', 'Upgrade: h2c\r\nHTTP2-Settings: AA\r\n').replace('close', 'upgrade')],
    [200, get('/en/', 'Upgrade: websocket\r\n').replace('close', 'upgrade')],
    [417, get('/en/', 'Expect: the moon\r\n')],
  ],
}

describe('what the server takes', () => {
  const harness = useHarness()
  const alarms = () => harness.logged.filter((line) => JSON.parse(line).level >= 50)
  after(() => assert.deepEqual(alarms(), []))

  for (const [what, rows] of Object.entries(TABLE)) {
    it(what, async () => {
      for (const [status, bytes] of rows) {
        const sent = JSON.stringify(bytes.replaceAll(/(x)\1{9,}|(\/a)\2{9,}/g, '$1…')).slice(0, 300)
        const [answer, ...more] = await sendRaw(harness.origin, bytes)
        assert.equal(answer?.status, status, sent)
        assert.equal(more.length, 0, sent)
        assertGuarded(answer!.headers, sent)
        assert.equal(answer!.headers.get('connection'), 'close', sent)
        if (status === 415 && bytes.includes('Content-Encoding'))
          assert.equal(answer!.headers.get('accept-encoding'), 'identity')
      }
    })
  }

  it('the parameters of a query: the first fifty', async () => {
    const page = async (query: string) =>
      (await fetch(`${harness.origin}/en/p/${DEMO}?${query}`)).text()
    assert.match(await page(`${'y&'.repeat(49)}ref=abc`), /name="ref" value="abc"/)
    assert.match(await page(`${'y&'.repeat(50)}ref=abc`), /name="ref" value=""/)
  })

  it('requests one behind the other are answered in their order, each once', async () => {
    const asked = Array.from({ length: 60 }, (_, nth) => `/en/p/${DEMO}?ref=n${nth}`)
    const bytes = asked.map((path, nth) => get(path).replace(CLOSE, nth < 59 ? '' : CLOSE)).join('')
    const answers = await sendRaw(
      harness.origin,
      bytes,
      asked.map(() => 'GET'),
    )
    const read = answers.map(({ body }) => /name="ref" value="(.*?)"/.exec(body.toString())?.[1])
    assert.deepEqual(
      read,
      asked.map((_, nth) => `n${nth}`),
    )
  })

  it('who asks for leave to send a form gets it before the answer', async () => {
    const { hostname, port } = new URL(harness.origin)
    const socket = connect(Number(port), hostname)
    socket.write(post('', 'Content-Length: 3\r\nExpect: 100-continue\r\n'))
    const read = createAnswersReader(['POST'])
    let heard = ''
    for await (const chunk of socket) {
      heard += chunk
      if (heard.endsWith('HTTP/1.1 100 Continue\r\n\r\n')) socket.write('a=b')
      const [answer] = read(chunk as Buffer)
      if (answer) assert.equal(answer.status, 422)
    }
    assert.match(heard, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 422 /)
  })
})
