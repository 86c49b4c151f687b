import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { plainMessages } from './http-error.ts'
import type { Headers } from './security-headers.ts'

/** For the client to read the answer: if we closed at once, its further bytes would reset the connection. */
const LINGER_MS = 500

/** Closes the connection, so that the body need not be read. */
export function refuse(response: ServerResponse, status: number, headers: Headers): void {
  const text = textOf(status)
  response.writeHead(status, headersOf(text, headers)).end(text)
}

/** Where Node made no response: a status line and headers, written to the socket itself. */
export function refuseSocket(socket: Duplex, status: number, headers: Headers): void {
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
