import { createServer, type Server } from 'node:http'
import type { FastifyServerFactory } from 'fastify'
import type { ReadyAnswers } from './ready-answers.ts'

/** Longer than a proxy in front keeps a connection, so that it is never the one left with a closed one. */
const KEEP_ALIVE_MS = 72_000

/** Node's server, where what is ready is answered before Fastify is asked. */
export function serverWith(
  ready: ReadyAnswers,
  { requestTimeout }: { requestTimeout: number },
): FastifyServerFactory {
  return (handle): Server => {
    const server = createServer((request, response) => {
      // One that closes tells its readers so; Fastify knows how.
      if (!server.listening || !ready.serve(request, response)) handle(request, response)
    })
    server.requestTimeout = requestTimeout
    server.keepAliveTimeout = KEEP_ALIVE_MS
    return server
  }
}
