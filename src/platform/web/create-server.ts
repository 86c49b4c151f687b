import { createServer, type Server } from 'node:http'
import type { FastifyServerFactory } from 'fastify'
import type { ReadyAnswers } from './ready-answers.ts'
import { answerExpectations, lacksHost, refuse } from './refuse-early.ts'
import type { Headers } from './security-headers.ts'

/** Times in milliseconds. */
export interface ServerLimits {
  /** From the first byte of a connection, or of the next request on it, to the end of its headers. */
  headersTimeout: number
  /** For a form to arrive whole, over a slow network too. */
  requestTimeout: number
  /** Without a byte read of an answer: the reader is gone, or holds the connection on purpose. */
  silence: number
  /** How often Node looks for requests that took too long: a timeout may be late by so much. */
  connectionsCheckingInterval: number
  /** Open at the same time, in this process. */
  maxConnections: number
}

/**
 * Browsers send all headers in one piece, a form soon after. A connection costs a file descriptor, and 11 kB
 * while it is idle, up to 50 kB while headers and form arrive: 8000 take 90 to 400 MB. That many are open when a
 * hundred new readers a second each keep one as long as they may.
 */
const LIMITS: ServerLimits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  silence: 60_000,
  connectionsCheckingInterval: 1000,
  maxConnections: 8000,
}
/** Longer than a proxy in front keeps a connection, so that no proxy sends a request on one that we close. */
const KEEP_ALIVE_MS = 72_000
/** Our longest honest request has 2 kB of headers; code that reads headers may rely on this bound. */
const MAX_HEADER_BYTES = 16 * 1024

/** Node's server, which sends ready answers before Fastify sees the request. */
export function serverWith(
  ready: ReadyAnswers,
  headers: Headers,
  limits: Partial<ServerLimits> = {},
): FastifyServerFactory {
  const { maxConnections, silence, ...times } = { ...LIMITS, ...limits }
  return (handle): Server => {
    const options = { ...times, maxHeaderSize: MAX_HEADER_BYTES, requireHostHeader: false }
    const server = createServer(options, (request, response) => {
      if (lacksHost(request)) refuse(response, 400, headers)
      // Closing: connections that are still open get 503.
      else if (!server.listening) refuse(response, 503, headers)
      else if (!ready.serve(request, response)) handle(request, response)
    })
    server.keepAliveTimeout = KEEP_ALIVE_MS
    server.timeout = silence
    answerExpectations(server, headers)
    limitConnections(server, maxConnections)
    return server
  }
}

/**
 * Not by `server.maxConnections`: of several processes behind one port, each full one would hand the connection
 * back to the cluster, which hands it on, round and round at full CPU.
 */
function limitConnections(server: Server, max: number): void {
  let open = 0
  server.on('connection', (socket) => {
    open++
    socket.once('close', () => open--)
    if (open > max) socket.destroy()
  })
}
