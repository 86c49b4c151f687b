import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { CERTIFICATE } from './certificate.ts'

export interface Front {
  port: number
  close(): Promise<void>
}

/**
 * A proxy that does TLS in front of a site, as nginx would.
 *
 * @param headers that it sets, from the visitor's request; without one it passes on what it gets
 */
export async function startTlsFront(
  origin: string,
  headers: (request: IncomingMessage) => Record<string, string>,
  { drop = [] }: { drop?: string[] } = {},
): Promise<Front> {
  const server = createServer(CERTIFICATE, (outer, answer) => {
    const inner = request(`${origin}${outer.url}`, {
      method: outer.method,
      headers: { ...outer.headers, ...headers(outer) },
    })
    inner.on('error', () => answer.writeHead(502).end())
    inner.on('response', (given) => {
      const kept = Object.entries(given.headers).filter(([name]) => !drop.includes(name))
      answer.writeHead(given.statusCode!, Object.fromEntries(kept))
      given.pipe(answer)
    })
    outer.pipe(inner)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
