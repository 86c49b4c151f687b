import { readFileSync } from 'node:fs'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'

/** For the database, the log, files and threads. */
const OTHER_FILES = 200
/** So many are closed at a time: to find the longest idle takes a look at all. */
const SHARE = 0.01
/** Of all connections: an address that has more gives up its own first. Nobody's household or office has as many. */
const HEAVY_SHARE = 0.1
/** An address that has too many has so much less time to read an answer. */
const HEAVY_READS_WITHIN = 1 / 4

/** A /64. */
const IPV6_GROUPS = 4

/** Node's own name for the answer under way and, ours, for the last use. */
export type Connection = Socket & {
  _httpMessage?: ServerResponse<IncomingMessage> | null
  usedAt?: number
}

/**
 * Where a new connection would be one too many, those that have been idle for longest are closed: browsers open
 * another one when they need it. Those that have not sent all of a form count as idle since it began: forms arrive at
 * once, and whoever sends one letter by letter could hold every connection. So do those that read an answer for too
 * long: a page is read in seconds, whoever reads it byte by byte could hold every connection, too. Who holds a tenth of
 * all from one address goes first, so that a single attacker puts out nobody else; behind a proxy all have its address.
 * A newcomer is closed only when all others wait for an answer, or read one that they just got.
 *
 * Not by `server.maxConnections`: of several processes behind one port, each full one would hand the connection
 * back to the cluster, which hands it on, round and round at full CPU.
 *
 * @param readWithin milliseconds, for an answer
 * @returns is to be called at each request. Those that come while an answer is under way don't make it younger.
 */
export function limitConnections(
  server: Server,
  wanted: number,
  readWithin: number,
): (request: IncomingMessage, response: ServerResponse) => void {
  const max = Math.min(wanted, openFilesLimit() - OTHER_FILES)
  const open = new Set<Connection>()
  server.on('connection', (socket: Connection) => {
    socket.usedAt = performance.now()
    if (open.size >= max) makeRoom(open, Math.ceil(max * SHARE), readWithin)
    if (open.size >= max) return socket.destroy()
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  return (request, response) => {
    const socket: Connection = request.socket
    if (socket._httpMessage === response) socket.usedAt = performance.now()
  }
}

function makeRoom(open: Set<Connection>, count: number, readWithin: number): void {
  const isHeavy = heavyOf(open)
  const now = performance.now()
  const readsTooLong = (socket: Connection) =>
    isBeingAnswered(socket) &&
    now - socket.usedAt! > readWithin * (isHeavy(socket) ? HEAVY_READS_WITHIN : 1)
  const leaving = [...open].filter(
    (socket) => isIdle(socket) || sendsStill(socket) || readsTooLong(socket),
  )
  leaving.sort((a, b) => isHeavy(b) - isHeavy(a) || a.usedAt! - b.usedAt!)
  for (const socket of leaving.slice(0, count)) {
    open.delete(socket)
    socket.destroy()
  }
}

/** @returns 1 for connections from an address that has too many, else 0 */
function heavyOf(open: Set<Connection>): (socket: Connection) => number {
  const counts = new Map<string, number>()
  for (const socket of open) {
    const from = networkOf(socket)
    counts.set(from, (counts.get(from) ?? 0) + 1)
  }
  return (socket) => (counts.get(networkOf(socket))! > open.size * HEAVY_SHARE ? 1 : 0)
}

/** Of IPv6 what one customer has, where no zeros are left out before it. */
const networkOf = ({ remoteAddress = '' }: Connection) =>
  remoteAddress.split(':', IPV6_GROUPS).join(':')

const isIdle = ({ _httpMessage }: Connection) => !_httpMessage

const isBeingAnswered = ({ _httpMessage }: Connection) => _httpMessage?.headersSent === true

const sendsStill = ({ _httpMessage }: Connection) => _httpMessage?.req.complete === false

/** Of this process, which Node raises to the hard limit at its start; on Linux alone the kernel tells it. */
function openFilesLimit(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8')
    return Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY)
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
