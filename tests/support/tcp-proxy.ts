import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A wire to a server that a test can cut, spoil and mend, so that the server itself need not stop. */
export interface TcpProxy {
  port: number
  /** Refuses connections and breaks those that there are. */
  cut(): Promise<void>
  /** Holds everything back, as a frozen machine does; what was held back arrives once it is mended. */
  freeze(): void
  /** Takes everything and hands nothing on. Connections that this hits stay silent when it is mended. */
  swallow(): void
  /** Hands everything on so much later, in each direction. */
  delay(ms: number): void
  /** Back to a good wire. */
  mend(): Promise<void>
}

export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let state: 'good' | 'frozen' | 'swallowing' = 'good'
  let delayMs = 0
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    socket.setNoDelay(true)
    if (state === 'frozen') socket.pause()
    return socket
  }
  const server = createServer((accepted) => {
    const near = keep(accepted)
    const far = keep(connect(target))
    let lost = false
    const handOn = (from: Socket, to: Socket) => {
      from.on('data', (chunk) => {
        lost ||= state === 'swallowing'
        if (lost) return
        if (delayMs > 0) setTimeout(() => to.write(chunk), delayMs)
        else if (!to.write(chunk)) {
          from.pause()
          to.once('drain', () => state !== 'frozen' && from.resume())
        }
      })
      from.on('end', () => !lost && setTimeout(() => to.end(), delayMs))
      from.on('close', () => to.destroy())
      if (state === 'frozen') from.pause()
    }
    handOn(near, far)
    handOn(far, near)
  })
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    port,
    cut: () =>
      new Promise((resolve) => {
        if (server.listening) server.close(() => resolve())
        else resolve()
        for (const socket of sockets) socket.destroy()
      }),
    freeze() {
      state = 'frozen'
      for (const socket of sockets) socket.pause()
    },
    swallow() {
      state = 'swallowing'
    },
    delay(ms) {
      delayMs = ms
    },
    async mend() {
      state = 'good'
      delayMs = 0
      for (const socket of sockets) socket.resume()
      if (!server.listening) await listen(port)
    },
  }
}
