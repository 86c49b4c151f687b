import { once } from 'node:events'
import { type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'

const MOST_BYTES = 64 * 1024
/** What node calls a request that its signal ended. */
const STOPPED = ['ABORT_ERR', 'ECONNABORTED']

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
  /** Of this machine, as the connection had it. */
  localAddress: string
}

/**
 * One GET; redirects aren't followed. Not by fetch, which takes neither an address of its own nor trusted
 * certificates.
 *
 * @param options `address` is connected to in the stead of the URL's host; `port` likewise; `patience` in
 *   milliseconds for all of it
 * @throws what node:http throws, or that no answer came in time
 */
export async function ask(
  url: string,
  options: {
    address?: string
    ca?: string
    headers?: Record<string, string>
    patience: number
    rejectUnauthorized?: boolean
  },
): Promise<Answer> {
  const target = new URL(url)
  const { address, ca, patience, rejectUnauthorized } = options
  const send = target.protocol === 'https:' ? requestHttps : requestHttp
  const host = target.hostname.replace(/^\[|\]$/g, '')
  const request = send({
    host: address ?? host,
    port: target.port || undefined,
    path: `${target.pathname}${target.search}`,
    headers: { host: target.host, 'user-agent': 'undersigned-doctor', ...options.headers },
    servername: isIP(host) ? undefined : host,
    ca,
    rejectUnauthorized,
    agent: false,
    signal: AbortSignal.timeout(patience),
  })
  request.end()
  try {
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    request.on('error', () => {})
    const { localAddress = '' } = response.socket
    const { statusCode, headers } = response
    return { status: statusCode!, headers, text: await readText(response), localAddress }
  } catch (error) {
    const { name, code = '' } = error as NodeJS.ErrnoException
    if (name !== 'AbortError' && !STOPPED.includes(code)) throw error
    throw new Error(`no answer within ${patience / 1000} s`, { cause: error })
  }
}

/** What is longer than any answer of ours is cut. */
async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response) {
    length += chunk.length
    chunks.push(chunk)
    if (length > MOST_BYTES) break
  }
  return Buffer.concat(chunks).toString()
}
