import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createHttp, type IncomingHttpHeaders } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import { OWN_AUTHORITY } from './own-authority.ts'

export interface Message {
  id: string
  timestamp: string
  signature: string
  type: string
  data: Record<string, unknown>
  body: string
  headers: IncomingHttpHeaders
}

export interface Receiver {
  url: string
  /** All requests, the oldest first. */
  got: Message[]
  /** Of the answer; 204 unless a test says otherwise. */
  status: number
  /** Runs before each answer. */
  meanwhile: () => Promise<unknown>
  close(): Promise<void>
}

/** A system of organisers', on this machine: by HTTP, or by HTTPS with a certificate of its own. */
export async function startReceiver({ https = false } = {}): Promise<Receiver> {
  const { server: cert, serverKey: key } = OWN_AUTHORITY
  const server = https ? createHttps({ cert, key }) : createHttp()
  server.on('request', async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { headers } = request
    const { type, data } = JSON.parse(body)
    receiver.got.push({
      id: String(headers['webhook-id']),
      timestamp: String(headers['webhook-timestamp']),
      signature: String(headers['webhook-signature']),
      ...{ type, data, body, headers },
    })
    await receiver.meanwhile()
    response.writeHead(receiver.status).end('thank you')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const receiver: Receiver = {
    url: `${https ? 'https' : 'http'}://localhost:${port}/hook?token=t0k3n`,
    got: [],
    status: 204,
    meanwhile: async () => {},
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return receiver
}

/** As the scheme describes it, written from its text. */
export function signatureOf(secret: string, { id, timestamp, body }: Message): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}
