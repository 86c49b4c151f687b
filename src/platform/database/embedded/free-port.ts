import { createServer } from 'node:net'

const LOOPBACK = '127.0.0.1'

/** A port that is free now; by the time the server wants it, somebody else may have it. */
export async function freePort(): Promise<number> {
  const port = await bind(0)
  if (port === null) throw new Error('no port is free on 127.0.0.1')
  return port
}

export async function isTaken(port: number): Promise<boolean> {
  return (await bind(port)) === null
}

function bind(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen(port, LOOPBACK, () => {
      const address = server.address()
      server.close(() => resolve(address && typeof address === 'object' ? address.port : null))
    })
  })
}
