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

  async function lane(): Promise<void> {
    const socket = await open(options.port)
    try {
      for (;;) {
        if (performance.now() - begun > forMs) return
        const at = due()
        if (rate && at - begun > forMs) return
        const wait = at - performance.now()
        if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait))
        const request = options.next()
        if (!request) return
        const status = await exchange(socket, request)
        latencies.push(performance.now() - at)
        statuses[status] = (statuses[status] ?? 0) + 1
      }
    } finally {
      socket.destroy()
    }
  }

  await Promise.all(Array.from({ length: connections }, lane))
  const seconds = (performance.now() - begun) / 1000
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

function exchange(socket: Socket, request: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    let received: Buffer | null = null
    let expected = -1
    let status = 0
    const done = (outcome: () => void) => {
      socket.off('data', onData)
      socket.off('close', onClose)
      outcome()
    }
    const onClose = () => done(() => reject(new Error('the connection was closed')))
    const onData = (chunk: Buffer) => {
      received = received ? Buffer.concat([received, chunk]) : chunk
      if (expected < 0) {
        const end = received.indexOf(HEAD_END)
        if (end < 0) return
        const head = received.toString('latin1', 0, end)
        status = Number(head.slice(9, 12))
        const length = /content-length: (\d+)/i.exec(head)
        expected = end + 4 + Number(length?.[1] ?? 0)
      }
      if (received.length >= expected) done(() => resolve(status))
    }
    socket.on('data', onData)
    socket.on('close', onClose)
    socket.write(request)
  })
}
