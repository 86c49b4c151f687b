import { connect, type Socket } from 'node:net'

/**
 * A load generator that costs little itself: requests are bytes, made beforehand or on the way, over
 * connections that stay open; of an answer it reads the status and the length.
 */
export interface LoadOptions {
  port: number
  connections: number
  /** The next request, whole; null when there is none left. */
  next(): Buffer | null
  /** Milliseconds; else it goes on until no request is left. */
  forMs?: number
  /** Requests a second, spread evenly; else as fast as they are answered. */
  rate?: number
}

export interface LoadResult {
  /** By status. */
  statuses: Record<number, number>
  requests: number
  seconds: number
  /** Milliseconds from when a request was due to its whole answer, ascending. */
  latencies: number[]
}

export async function load(options: LoadOptions): Promise<LoadResult> {
  const { connections, forMs = Number.POSITIVE_INFINITY, rate } = options
  const statuses: Record<number, number> = {}
  const latencies: number[] = []
  const begun = performance.now()
  let issued = 0
  const due = () => (rate ? begun + (issued++ * 1000) / rate : performance.now())

  /** The next request and when it is due; null when there is none left, or no time. */
  function take(): { request: Buffer; at: number } | null {
    if (performance.now() - begun > forMs) return null
    const at = due()
    if (rate && at - begun > forMs) return null
    const request = options.next()
    return request && { request, at }
  }

  function keepBusy(socket: Socket): Promise<void> {
    return new Promise((resolve, reject) => {
      let at = 0
      const go = () => {
        const next = take()
        if (!next) return resolve()
        at = next.at
        const wait = at - performance.now()
        if (wait > 1) setTimeout(() => socket.write(next.request), wait)
        else socket.write(next.request)
      }
      readAnswers(socket, (status) => {
        latencies.push(performance.now() - at)
        statuses[status] = (statuses[status] ?? 0) + 1
        go()
      })
      socket.once('error', reject)
      socket.once('close', () => reject(new Error('the connection was closed')))
      go()
    })
  }

  const sockets = await Promise.all(Array.from({ length: connections }, () => open(options.port)))
  await Promise.all(sockets.map(keepBusy))
  const seconds = (performance.now() - begun) / 1000
  for (const socket of sockets) socket.removeAllListeners().destroy()
  latencies.sort((a, b) => a - b)
  return { statuses, requests: latencies.length, seconds, latencies }
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}

const HEAD_END = Buffer.from('\r\n\r\n')
const LENGTH = Buffer.from('\r\ncontent-length: ')
const STATUS_AT = 9

/** One answer at a time; `done` is told the status of each, once its body is here. */
function readAnswers(socket: Socket, done: (status: number) => void): void {
  let head: Buffer | null = null
  let status = 0
  let missing = -1
  socket.on('data', (chunk) => {
    if (missing < 0) {
      head = head ? Buffer.concat([head, chunk]) : chunk
      const end = head.indexOf(HEAD_END)
      if (end < 0) return
      status = digits(head, STATUS_AT)
      const length = head.indexOf(LENGTH)
      missing = end + HEAD_END.length + (length < 0 ? 0 : digits(head, length + LENGTH.length))
      missing -= head.length
      head = null
    } else {
      missing -= chunk.length
    }
    if (missing > 0) return
    missing = -1
    done(status)
  })
}

function digits(bytes: Buffer, from: number): number {
  let number = 0
  for (let at = from; bytes[at]! >= 48 && bytes[at]! <= 57; at++) {
    number = number * 10 + bytes[at]! - 48
  }
  return number
}
