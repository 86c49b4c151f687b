import { once } from 'node:events'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { MalformedError } from '../core/canonical.ts'
import { MAX_ANSWER_BYTES } from '../core/note/witness-messages.ts'

export interface Posted {
  status: number
  /** Without parameters; empty when none was given. */
  type: string
  body: Uint8Array
}

/**
 * `POST <url>/add-checkpoint`. Redirects aren't followed: the operator gave this address. Not by fetch,
 * which in Node.js 20 now and then never settles when the other side dies while it connects.
 *
 * @throws MalformedError for an answer that is too long; what node:http throws when there is none
 */
export async function postCheckpoint(
  url: string,
  body: Uint8Array,
  signal?: AbortSignal,
): Promise<Posted> {
  const address = new URL(`${withoutSlashes(url)}/add-checkpoint`)
  const send = address.protocol === 'https:' ? requestHttps : requestHttp
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': body.length,
  }
  const request = send(address, { method: 'POST', headers, signal })
  request.end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  // The witness may hang up once it has answered.
  request.on('error', () => {})
  const type = (response.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  return { status: response.statusCode!, type, body: await readBody(response) }
}

async function readBody(response: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response) {
    length += chunk.length
    // Leaving the loop ends the transfer.
    if (length > MAX_ANSWER_BYTES) throw new MalformedError('answer', 'too long')
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

function withoutSlashes(url: string): string {
  let end = url.length
  while (url[end - 1] === '/') end--
  return url.slice(0, end)
}
