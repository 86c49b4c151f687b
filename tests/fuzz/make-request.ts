import { METHODS } from 'node:http'
import { makeBody } from './make-body.ts'
import { type Known, makePath } from './make-path.ts'
import { oddPart, oddText } from './odd-text.ts'
import type { Random } from './random.ts'

export interface FuzzRequest {
  method: string
  bytes: Buffer
  /** Nothing may follow on its connection. Node drops what came together with the wish to upgrade. */
  isLast: boolean
  /** Says to be longer than it is, or can't be told from what follows: the client hangs up behind it. */
  isCut: boolean
}

const LIKELY_METHODS = ['GET', 'GET', 'GET', 'GET', 'POST', 'POST', 'POST', 'HEAD', 'OPTIONS']
const UPGRADE = 'Connection: Upgrade'
const UNKNOWN_METHODS = ['FOO', 'get', 'G\u00c9T', '', 'GET\t', 'CONNECT']

/** Values that each header is likely to be tried with; any may have an odd one. */
const HEADERS: Record<string, readonly string[]> = {
  'Accept-Encoding': ['br', 'gzip, br', 'br;q=0', `br${' '.repeat(3000)}x`, ','.repeat(3000)],
  'Accept-Language': [
    'az',
    'be;q=0.5,ru',
    'constructor',
    '__proto__',
    'en-'.repeat(900),
    ','.repeat(900),
  ],
  'Sec-Fetch-Site': ['same-origin', 'none', 'cross-site', 'x'],
  Origin: ['http://petitions.test', 'null', 'https://evil.example', 'http://petitions.test:0'],
  'If-None-Match': ['*', '"x"', 'W/"x"', '"'.repeat(900), '"x",'.repeat(900)],
  'If-Modified-Since': ['Thu, 01 Jan 1970 00:00:00 GMT', 'never'],
  Range: ['bytes=0-1', 'bytes=-1', 'bytes=9-1', 'bytes=0-0,2-2', 'lines=1-2'],
  'X-Forwarded-For': ['127.0.0.1', '::1', 'unknown', '1,'.repeat(900), "' or 1=1"],
  'X-Forwarded-Host': ['evil.example', 'evil.example, x', '//', 'a:b:c'],
  'X-Forwarded-Proto': ['https', 'javascript', 'https,http'],
  Forwarded: ['for=127.0.0.1;host=evil.example;proto=https'],
  Authorization: ['Bearer x', 'Basic eDp4', 'Bearer'],
  Cookie: ['a=b', 'a', '=', `a=${'b'.repeat(3000)}`],
  Accept: ['application/json', '*/*', 'text/html;q=x'],
  'Accept-Version': ['1.0.0', '*', '99.x', '1.x.x'],
  'Content-Type': ['application/json', 'x/y', '__proto__'],
  'X-HTTP-Method-Override': ['DELETE'],
  'X-Request-Id': ['x', '\u00e9'],
  Upgrade: ['h2c', 'websocket'],
  'Access-Control-Request-Method': ['GET', 'DELETE'],
  'Access-Control-Request-Headers': ['if-none-match', 'x'],
  TE: ['trailers', 'x'],
  Via: ['1.1 x'],
  __proto__: ['x'],
  constructor: ['x'],
}

export function makeRequest(random: Random, known: Known): FuzzRequest {
  const method = makeMethod(random)
  const target = makePath(random, known, method)
  const { head, body, isCut } = frame(random, method)
  // To whom hangs up in the middle of a body that comes with the wish to upgrade, Node says nothing.
  const headers = makeHeaders(random).filter((line) => !isCut || line !== UPGRADE)
  const lines = [`${method} ${target} HTTP/1.${random.chance(0.97) ? 1 : 0}`, ...headers, ...head]
  // Latin-1, so that each character below 256 is one byte, as a rude client sends it.
  const text = `${lines.join('\r\n')}\r\n\r\n`
  const encoding = random.chance(0.5) ? 'latin1' : 'utf8'
  return {
    method,
    bytes: Buffer.concat([Buffer.from(text, encoding), body]),
    isLast: isCut || headers.includes(UPGRADE),
    isCut,
  }
}

function makeMethod(random: Random): string {
  if (random.chance(0.92)) return random.pick(LIKELY_METHODS)
  return random.pick(random.chance(0.8) ? METHODS : UNKNOWN_METHODS)
}

function makeHeaders(random: Random): string[] {
  const lines = random.chance(0.98)
    ? [`Host: ${random.chance(0.95) ? 'petitions.test' : oddText(random)}`]
    : []
  for (let count = random.below(4); count > 0; count--) {
    const name = random.pick(Object.keys(HEADERS))
    lines.push(
      `${name}: ${random.chance(0.85) ? random.pick(HEADERS[name] ?? ['x']) : oddPart(random, [oddText(random)])}`,
    )
  }
  switch (random.below(120)) {
    case 0:
      lines.push(`X-Long: ${'x'.repeat(17_000)}`)
      break
    case 1:
      lines.push(...Array.from({ length: 900 }, (_, at) => `X-${at}: x`))
      break
    case 2:
      lines.push(`X-Odd: ${oddText(random)}`)
      break
    case 3:
      lines.push(`${oddText(random)}: x`)
      break
    case 4:
      lines.push(`Expect: ${random.pick(['100-continue', 'x'])}`)
      break
    case 5:
      lines.push('Connection: close')
      break
    case 6:
      lines.push(UPGRADE, 'Upgrade: websocket', 'Sec-WebSocket-Key: eA==')
      break
  }
  return lines
}

/** How the body is sent, and now and then what can't be told apart from the next request. */
function frame(random: Random, method: string): { head: string[]; body: Buffer; isCut: boolean } {
  const hasBody = method === 'POST' ? random.chance(0.95) : random.chance(0.05)
  if (!hasBody) return { head: [], body: Buffer.alloc(0), isCut: false }
  const { bytes, type, encoding } = makeBody(random)
  const head = [
    ...(type === null ? [] : [`Content-Type: ${type}`]),
    ...(encoding ? [`Content-Encoding: ${encoding}`] : []),
  ]
  const length = `Content-Length: ${bytes.length}`
  const chunked = 'Transfer-Encoding: chunked'
  switch (random.below(60)) {
    case 0:
      return { head: [...head, `Content-Length: ${bytes.length + 10}`], body: bytes, isCut: true }
    case 1:
      return {
        head: [...head, chunked],
        body: Buffer.concat([Buffer.from('zz\r\n'), bytes]),
        isCut: true,
      }
    case 2:
      return { head: [...head, length, chunked], body: bytes, isCut: true }
    case 3:
      return { head: [...head, length, length], body: bytes, isCut: true }
    case 4:
      return { head: [...head, `Content-Length: ${oddText(random)}`], body: bytes, isCut: true }
    case 5:
      return {
        head: [...head, `Transfer-Encoding: ${random.pick(['gzip', 'gzip, chunked', 'x'])}`],
        body: bytes,
        isCut: true,
      }
    case 6:
    case 7:
      return { head: [...head, chunked], body: chunk(bytes), isCut: false }
    default:
      return { head: [...head, length], body: bytes, isCut: false }
  }
}

function chunk(bytes: Buffer): Buffer {
  if (bytes.length === 0) return Buffer.from('0\r\n\r\n')
  return Buffer.concat([
    Buffer.from(`${bytes.length.toString(16)}\r\n`),
    bytes,
    Buffer.from('\r\n0\r\n\r\n'),
  ])
}
