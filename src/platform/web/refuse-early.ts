import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyServerOptions } from 'fastify'
import { plainMessages } from './http-error.ts'
import type { Headers } from './security-headers.ts'

/** For the client to read the answer: closed at once, what it still sends would reset the connection. */
const LINGER_MS = 500

/** RFC 9110, section 15.5.6, wants them named. */
const ALLOWED = 'GET, HEAD, POST, OPTIONS'

type ClientErrorHandler = NonNullable<FastifyServerOptions['clientErrorHandler']>

/** Statuses of what Node's parser and its timer give up on; everything else is malformed. */
const STATUS_OF_CODE = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413],
  ['HPE_HEADER_OVERFLOW', 431],
])

/** Answers a request that never became one: malformed, too long, or not whole in time. */
export function answerClientErrors(headers: Headers): ClientErrorHandler {
  return (error, socket) => {
    // Refused already: the parser tells anew of each piece that still arrives.
    if (socket.writableEnded) return
    // Half an answer is on its way: a status line would become a part of its body.
    if (!socket.writable || hasBegun(socket)) socket.destroy()
    else refuseSocket(socket, STATUS_OF_CODE.get(error.code) ?? 400, headers)
  }
}

/** What Node would answer by itself, with a bare status line, before anyone is asked. */
export function answerExpectations(server: Server, headers: Headers): void {
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) =>
    refuse(response, 417, headers),
  )
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    // Behind another answer, Node would send it between the headers and the body of this one.
    if (response.socket) response.writeContinue()
    server.emit('request', request, response)
  })
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    // Nobody else hears any more that the client hung up.
    socket.on('error', () => {})
    refuseSocket(socket, 405, { ...headers, allow: ALLOWED })
  })
}

/** RFC 9112, section 3.2. Node's own refusal, which `requireHostHeader: false` turns off, is bare. */
export const lacksHost = ({ httpVersion, headers }: IncomingMessage) =>
  httpVersion === '1.1' && headers.host === undefined

/** Closes the connection, so that the body need not be read. */
export function refuse(response: ServerResponse, status: number, headers: Headers): void {
  const text = textOf(status)
  response.writeHead(status, headersOf(text, headers)).end(text)
}

function refuseSocket(socket: Duplex, status: number, headers: Headers): void {
  const text = textOf(status)
  const lines = Object.entries(headersOf(text, headers)).map(([name, value]) => `${name}: ${value}`)
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines].join('\r\n')
  socket.end(`${head}\r\n\r\n${text}`)
  setTimeout(() => socket.destroy(), LINGER_MS).unref()
}

const textOf = (status: number) => `${plainMessages[status]}\n`

const headersOf = (text: string, headers: Headers) => ({
  ...headers,
  'content-type': 'text/plain; charset=utf-8',
  'content-length': String(Buffer.byteLength(text)),
  'cache-control': 'no-store',
  connection: 'close',
})

/** Node's own handler looks at the same field, which has no public name. */
function hasBegun(socket: Duplex & { _httpMessage?: ServerResponse | null }): boolean {
  return socket._httpMessage?.headersSent ?? false
}
