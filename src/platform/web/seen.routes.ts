import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { ClientAddress } from './client-address.ts'
import { HttpError, plainMessages } from './http-error.ts'

export const SEEN_PATH = '/healthz/seen'
const SCHEME = 'Undersigned'
const QUESTION = /^Undersigned ([0-9a-f]{32}):([0-9a-f]{64})$/

/** A request as it arrived here, through all proxies. */
export interface Seen {
  protocol: string
  host: string
  address: string
  /** Whether CLIENT_ADDRESS_HEADER came, and named that address; null where it is not set. */
  header: 'missing' | 'believed' | 'ignored' | null
}

interface Needs {
  clientAddress: ClientAddress
  clientAddressHeader: string | null
}

/**
 * `/healthz/seen` tells `undersigned doctor` how its request arrived, and proves that it arrived at a node with the
 * same server's key. Whoever lacks that key gets the answer of a page that is not there.
 */
export function seenRoutes(app: FastifyInstance, key: Buffer, needs: Needs): void {
  app.get(SEEN_PATH, { logLevel: 'warn' }, async (request, reply) => {
    const nonce = readQuestion(key, request.headers.authorization)
    if (nonce === null) throw new HttpError(404, plainMessages[404]!)
    const address = needs.clientAddress(request)
    const header = judgeHeader(request.headers, address, needs)
    const seen: Seen = { protocol: request.protocol, host: request.host, address, header }
    return reply
      .header('cache-control', 'no-store')
      .send({ seen, proof: sign(key, 'answer', nonce, JSON.stringify(seen)) })
  })
}

function judgeHeader(
  headers: IncomingHttpHeaders,
  address: string,
  { clientAddressHeader: name }: Needs,
): Seen['header'] {
  if (name === null) return null
  if (headers[name] === undefined) return 'missing'
  return headers[name] === address ? 'believed' : 'ignored'
}

/** The Authorization header of a question. @param nonce 16 random bytes in hexadecimal */
export const sealQuestion = (key: Buffer, nonce: string) =>
  `${SCHEME} ${nonce}:${sign(key, 'question', nonce)}`

/** @returns null unless it is the answer of this key to this nonce */
export function readSeen(key: Buffer, nonce: string, text: string): Seen | null {
  try {
    const { seen, proof } = JSON.parse(text) as { seen: Seen; proof: string }
    return isSame(proof, sign(key, 'answer', nonce, JSON.stringify(seen))) ? seen : null
  } catch {
    return null
  }
}

function readQuestion(key: Buffer, header: string | undefined): string | null {
  const [, nonce, mac] = QUESTION.exec(header ?? '') ?? []
  return nonce && mac && isSame(mac, sign(key, 'question', nonce)) ? nonce : null
}

const sign = (key: Buffer, ...parts: string[]) =>
  createHmac('sha256', key).update(parts.join('\n')).digest('hex')

function isSame(given: unknown, wanted: string): boolean {
  const bytes = Buffer.from(String(given))
  return bytes.length === wanted.length && timingSafeEqual(bytes, Buffer.from(wanted))
}
