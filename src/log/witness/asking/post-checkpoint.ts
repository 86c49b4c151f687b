import { MalformedError } from '../../core/malformed.ts'
import { MAX_ANSWER_BYTES } from '../../core/witness/witness-answer.ts'

export interface Posted {
  status: number
  /** Without parameters; empty when none was given. */
  type: string
  body: Uint8Array
}

/**
 * `POST <url>/add-checkpoint`. Redirects aren't followed: the operator gave this address.
 *
 * @throws MalformedError for an answer that is too long; what fetch throws when there is none
 */
export async function postCheckpoint(
  url: string,
  request: Uint8Array,
  signal: AbortSignal,
): Promise<Posted> {
  const response = await fetch(`${url.replace(/\/+$/, '')}/add-checkpoint`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: request,
    redirect: 'manual',
    signal,
  })
  const type = (response.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase()
  return { status: response.status, type, body: await readBody(response) }
}

async function readBody({ body }: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body ?? []) {
    length += chunk.length
    // Leaving the loop ends the transfer.
    if (length > MAX_ANSWER_BYTES) throw new MalformedError('answer', 'too long')
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}
