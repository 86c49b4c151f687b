import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A wire to a server that a test can break and mend, so that the server itself need not stop. */
export interface TcpProxy {
  port: number
  /** Ends every connection and refuses new ones. */
  cut(): Promise<void>
  /**
   * Nothing passes either way until it is mended, then everything does: as when packets are dropped, or the
   * server's processes stand still. New connections are taken and get no answer.
   */
  freeze(): void
  /**
   * Takes what is sent and passes nothing on, as a firewall does that has forgotten the connection. Connections
   * that were open meanwhile stay so when the wire is mended; only new ones work.
   */
  swallow(): void
  /** What is sent arrives so many milliseconds later, each way. */
  delay(ms: number): void
  /** Undoes whatever was done to it. */
  mend(): Promise<void>
}

export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const pairs = new Set<Pair>()
  const state = { frozen: false, swallows: false, delayMs: 0 }
  const server = createServer((near) => {
    const pair: Pair = { near, far: connect(target), isLost: state.swallows }
    pairs.add(pair)
    near.on('close', () => pairs.delete(pair))
    pass(pair, near, pair.far, state)
    pass(pair, pair.far, near, state)
  })
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    port,
    cut: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const { near, far } of pairs) {
          near.destroy()
          far.destroy()
        }
      }),
    freeze() {
      state.frozen = true
      for (const { near, far } of pairs) {
        near.pause()
        far.pause()
      }
    },
    swallow() {
      state.swallows = true
      for (const pair of pairs) pair.isLost = true
    },
    delay(ms) {
      state.delayMs = ms
    },
    async mend() {
      Object.assign(state, { frozen: false, swallows: false, delayMs: 0 })
      for (const { near, far } of pairs) {
        near.resume()
        far.resume()
      }
      if (!server.listening) await listen(port)
    },
  }
}

interface Pair {
  near: Socket
  far: Socket
  /** Whether what is sent on it never arrives. */
  isLost: boolean
}

function pass(
  pair: Pair,
  from: Socket,
  to: Socket,
  state: { frozen: boolean; delayMs: number },
): void {
  /** When the last of what is on its way arrives. */
  let lastDue = 0
  const later = (act: () => void) => {
    const now = performance.now()
    lastDue = Math.max(lastDue, now + state.delayMs)
    if (lastDue <= now) act()
    else setTimeout(act, lastDue - now)
  }
  if (state.frozen) from.pause()
  from.setNoDelay(true)
  from.on('error', () => {})
  from.on('data', (chunk) => {
    if (pair.isLost) return
    later(() => {
      if (to.destroyed || to.write(chunk)) return
      from.pause()
      to.once('drain', () => {
        if (!state.frozen) from.resume()
      })
    })
  })
  from.on('close', () => later(() => to.destroySoon()))
}
