import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'

/**
 * Between the wish to stop and the end of listening: everything is still accepted and answered, `/readyz` says 503
 * so that balancers turn away, and each answer closes its connection. A connection that we closed while it was idle
 * could just have been carrying a proxy's next request. Why: docs/decisions/0039-stopping-and-shedding.md
 */
export interface Draining {
  begin(): void
  begun(): boolean
  /** Answers a request in such a way that its connection ends after the answer. */
  answerLast(request: IncomingMessage, response: ServerResponse, answer: () => void): void
}

/** In milliseconds. */
const TIMES = {
  /** No connection has been open for so long: nobody comes any more. */
  quiet: 2000,
  /** For answers under way once nothing is accepted any more. */
  finish: 5000,
}
const LOOK_EVERY_MS = 50
/** For connections that wait to be accepted. */
const ACCEPT_MS = 2000

export function createDraining(): Draining {
  let begun = false
  const newest = new WeakMap<Socket, IncomingMessage>()
  const closing = new WeakSet<Socket>()
  return {
    begin() {
      begun = true
    },
    begun: () => begun,
    answerLast(request, response, answer) {
      const { socket } = request
      // RFC 9112, section 9.6: what follows an answer with "close" is not processed; the client sends it again.
      if (closing.has(socket)) return
      newest.set(socket, request)
      const { writeHead } = response
      response.writeHead = (...head: unknown[]) => {
        // Of pipelined requests only the last one's answer may close.
        if (newest.get(socket) === request) {
          closing.add(socket)
          response.shouldKeepAlive = false
        }
        return Reflect.apply(writeHead, response, head)
      }
      // By then Node has parsed all requests that came in one piece.
      setImmediate(answer)
    },
  }
}

/**
 * Goes on answering until nobody comes any more, `maxMs` at most, then lets answers under way end.
 *
 * @param maxMs longer than a proxy in front keeps idle connections; 0 closes idle connections at once
 */
export async function closeWeb(
  app: FastifyInstance,
  draining: Draining,
  maxMs: number,
  { quiet, finish } = TIMES,
): Promise<void> {
  draining.begin()
  if (maxMs > 0) await untilQuiet(app.server, { maxMs, quietMs: quiet })
  await stopListening(app.server)
  // Node no longer cuts off who is slow with a request once it doesn't listen.
  const late = setTimeout(() => app.server.closeAllConnections(), finish)
  await app.close()
  clearTimeout(late)
}

async function untilQuiet(
  server: Server,
  { maxMs, quietMs }: { maxMs: number; quietMs: number },
): Promise<void> {
  const end = performance.now() + maxMs
  let quietSince = performance.now()
  while (performance.now() < end) {
    await wait(LOOK_EVERY_MS)
    if ((await countConnections(server)) > 0) quietSince = performance.now()
    else if (performance.now() - quietSince >= quietMs) return
  }
}

const countConnections = (server: Server) =>
  new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count ?? 0)))

/**
 * The kernel resets connections that wait to be accepted when listening ends. Node accepts one in each turn of the
 * event loop; after a turn without one, none waits.
 */
async function stopListening(server: Server): Promise<void> {
  const end = performance.now() + ACCEPT_MS
  let accepted = true
  const note = () => {
    accepted = true
  }
  server.on('connection', note)
  while (accepted && performance.now() < end) {
    accepted = false
    // Two: the first may belong to a turn that has looked for connections already.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
  }
  server.close()
  server.off('connection', note)
}
