import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyServerOptions } from 'fastify'
import { plainMessages } from './http-error.ts'
import type { Headers } from './security-headers.ts'

/** For the client to read the answer: if we closed at once, its further bytes would reset the connection. */
const LINGER_MS = 500

/** For the Allow header of a 405 (RFC 9110, section 15.5.6). */
const ALLOWED = 'GET, HEAD, POST, OPTIONS'

type ClientErrorHandler = NonNullable<FastifyServerOptions['clientErrorHandler']>

/** Statuses for errors of Node's parser and timer; all others mean 400. */
const STATUS_OF_CODE = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413],
  ['HPE_HEADER_OVERFLOW', 431],
])

/** Answers requests that Node's parser gave up on: malformed, too long, or not whole in time. */
export function answerClientErrors(headers: Headers): ClientErrorHandler {
  return (error, socket) => {
    // Refused already: the parser reports each further piece anew.
    if (socket.writableEnded) return
    // Half an answer is sent: a status line would become a part of its body.
    if (!socket.writable || hasBegun(socket)) socket.destroy()
    else refuseSocket(socket, STATUS_OF_CODE.get(error.code) ?? 400, headers)
  }
}

/** Requests that Node would answer by itself with a bare status line. */
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
    // Node has removed its own listener: a client that hangs up would end the process.
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

/** Node's own handler reads this field, too; it has no public name. */
function hasBegun(socket: Duplex & { _httpMessage?: ServerResponse | null }): boolean {
  return socket._httpMessage?.headersSent ?? false
}
