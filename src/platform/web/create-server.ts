import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyServerFactory, FastifyServerOptions } from 'fastify'
import type { BusyAnswers } from './busy-answers.ts'
import { cutInTurn } from './cut-in-turn.ts'
import type { Draining } from './draining.ts'
import { judgeHead } from './judge-head.ts'
import { type Connection, limitConnections } from './limit-connections.ts'
import type { ReadyAnswers } from './ready-answers.ts'
import { refuse, refuseSocket } from './refuse-plainly.ts'
import type { Headers } from './security-headers.ts'
import type { Refusal, Shedding } from './shedding.ts'

/** Times in milliseconds. */
interface ServerLimits {
  /** From the first byte of a connection, or of the next request on it, to the end of its headers. */
  headersTimeout: number
  /** For a form to arrive whole, over a slow network too. */
  requestTimeout: number
  /** Without a byte read of an answer: the reader is gone, or holds the connection on purpose. */
  silence: number
  /** For an answer to be read, before its connection is given to a newcomer where none is left. */
  readWithin: number
  /** How often Node looks for requests that took too long: a timeout may be late by so much, and as cutInTurn says. */
  connectionsCheckingInterval: number
  /** Open at the same time, in this process; fewer where it may open fewer files. */
  maxConnections: number
}

/**
 * Browsers send all headers in one piece, a form soon after. A connection costs a file descriptor, and 11 kB
 * while it is idle, up to 50 kB while headers and form arrive: 10,000 take 110 to 500 MB.
 */
const LIMITS: ServerLimits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  silence: 60_000,
  readWithin: 20_000,
  connectionsCheckingInterval: 250,
  maxConnections: 10_000,
}
/** Longer than a proxy in front keeps a connection, so that no proxy sends a request on one that we close. */
const KEEP_ALIVE_MS = 72_000
/** Our longest honest request has 2 kB of headers; code that reads headers may rely on this bound. */
const MAX_HEADER_BYTES = 16 * 1024

/** For the Allow header of a 405 (RFC 9110, section 15.5.6). */
const ALLOWED = 'GET, HEAD, POST, OPTIONS'
/** Node's own timer. */
const TOO_LATE = 'ERR_HTTP_REQUEST_TIMEOUT'
/** Statuses for errors of Node's parser and timer; all others mean 400. */
const STATUS_OF_CODE = new Map([
  [TOO_LATE, 408],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413],
  ['HPE_HEADER_OVERFLOW', 431],
])

/** What answers a request. */
export interface Desk {
  ready: ReadyAnswers
  /** Together with `shedding`, or neither; without them, nothing is refused for want of time. */
  busy?: BusyAnswers
  handle(request: IncomingMessage, response: ServerResponse): void
}

interface Front extends Omit<Desk, 'handle'> {
  draining: Draining
  shedding?: Shedding
  /** Another desk than this one's, such as a mirror's; null for this one. */
  chooseDesk?: (request: IncomingMessage) => Desk | null
}

/** Node's server, which sends ready answers before Fastify sees the request. */
export function serverWith(
  { ready, draining, shedding, busy, chooseDesk = () => null }: Front,
  headers: Headers,
  limits: Partial<ServerLimits> = {},
): FastifyServerFactory {
  const { maxConnections, silence, readWithin, ...times } = { ...LIMITS, ...limits }
  return (handle): Server => {
    const own: Desk = { ready, handle, ...(busy && { busy }) }
    // Node's own refusal of a request without Host is bare: judgeHead answers instead.
    const options = { ...times, maxHeaderSize: MAX_HEADER_BYTES, requireHostHeader: false }
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      const fault = judgeHead(request)
      if (fault) return refuse(response, fault.status, { ...headers, ...fault.headers })
      // Node reads nothing more of a connection that was asked to become another.
      if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false
      const { ready, busy, handle } = chooseDesk(request) ?? own
      if (ready.serve(request, response)) return
      if (!shedding || !busy) return handle(request, response)
      const refuseBusy = (refusal: Refusal) => {
        const late = refusal.kind === 'read' ? ready.serveLate(request, response) : 'none'
        if (late === 'sent') return
        if (late === 'renew') return handle(request, response)
        shedding.count(refusal)
        busy.send(request, response)
      }
      const refusal = shedding.judge(request)
      if (refusal) refuseBusy(refusal)
      else shedding.letIn(request, () => handle(request, response), refuseBusy)
    }
    const server = createServer(options, (request, response) => {
      use(request, response)
      if (!draining.begun()) answer(request, response)
      else draining.answerLast(request, response, () => answer(request, response))
    })
    const use = limitConnections(server, maxConnections, readWithin)
    if (shedding) server.on('connection', shedding.noteNewcomer)
    server.keepAliveTimeout = KEEP_ALIVE_MS
    server.timeout = silence
    answerExpectations(server, headers)
    return server
  }
}

type ClientErrorHandler = NonNullable<FastifyServerOptions['clientErrorHandler']>

/** Answers requests that Node's parser gave up on: malformed, too long, or not whole in time. */
export function answerClientErrors(headers: Headers): ClientErrorHandler {
  function answer(socket: Connection, code: string): void {
    // Refused already: the parser reports each further piece anew.
    if (socket.writableEnded) return
    // Half an answer is sent: a status line would become a part of its body.
    if (!socket.writable || socket._httpMessage?.headersSent) socket.destroy()
    else refuseSocket(socket, STATUS_OF_CODE.get(code) ?? 400, headers)
  }
  const cut = cutInTurn((socket) => answer(socket, TOO_LATE))
  return ({ code }, socket) => (code === TOO_LATE ? cut(socket) : answer(socket, code))
}

/** Requests that Node would answer by itself with a bare status line. */
function answerExpectations(server: Server, headers: Headers): void {
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
