import { connect, type Socket } from 'node:net'
import { type Answer, createAnswerReader } from './answer-reader.ts'

/**
 * Many people's requests over some connections that stay open, as a balancer in front of the site keeps
 * them. A request that is due while all are busy waits here; that counts as the site's time.
 */
export interface Connections {
  /** @param done is told null when the connection broke before the answer */
  send(request: Buffer, done: (answer: Answer | null) => void): void
  /** Requests without an answer yet. */
  open(): number
  close(): void
}

const RECONNECT_AFTER_MS = 20
/** As a proxy does: shorter than the site keeps them, so that none is closed just as it is used. */
const LONGEST_IDLE_MS = 10_000
/** Requests that were written; their places are given back together. */
const COMPACT_AFTER = 10_000

interface Request {
  bytes: Buffer
  done: (answer: Answer | null) => void
}

/** @param count opened at most, when they are needed */
export function createConnections(port: number, count: number): Connections {
  const idle: { socket: Socket; since: number }[] = []
  const sockets = new Set<Socket>()
  let waiting: Request[] = []
  let first = 0
  let open = 0
  let closed = false
  const under = new Map<Socket, Request>()

  function add(): void {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const read = createAnswerReader()
    sockets.add(socket)
    socket.once('connect', () => free(socket))
    socket.on('data', (chunk) => {
      const answer = read(chunk)
      if (answer) finish(socket, answer)
    })
    socket.on('error', () => {})
    socket.once('close', () => {
      sockets.delete(socket)
      const place = idle.findIndex((each) => each.socket === socket)
      if (place >= 0) idle.splice(place, 1)
      if (under.has(socket)) finish(socket, null)
      if (!closed && waiting.length > first) setTimeout(add, RECONNECT_AFTER_MS)
    })
  }

  function finish(socket: Socket, answer: Answer | null): void {
    const request = under.get(socket)
    under.delete(socket)
    if (answer) free(socket)
    if (!request) return
    open--
    request.done(answer)
  }

  function free(socket: Socket): void {
    const next = waiting[first]
    if (!next) {
      idle.push({ socket, since: performance.now() })
      return
    }
    if (++first > COMPACT_AFTER) {
      waiting = waiting.slice(first)
      first = 0
    }
    write(socket, next)
  }

  function write(socket: Socket, request: Request): void {
    under.set(socket, request)
    socket.write(request.bytes)
  }

  function takeIdle(): Socket | null {
    for (let next = idle.pop(); next; next = idle.pop()) {
      if (performance.now() - next.since < LONGEST_IDLE_MS) return next.socket
      next.socket.destroy()
    }
    return null
  }

  return {
    send(bytes, done) {
      open++
      const socket = takeIdle()
      if (socket) return write(socket, { bytes, done })
      waiting.push({ bytes, done })
      if (sockets.size < count) add()
    },
    open: () => open,
    close() {
      closed = true
      for (const socket of sockets) socket.destroy()
    },
  }
}
