import { createHash } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyReply } from 'fastify'

/** Pages and figures that are the same for everyone, kept as the bytes that go out. */
export interface AnswerShelf {
  /** Sends what is kept under the key, or makes it: once, however many ask at the same moment. */
  send(reply: FastifyReply, key: string, make: () => Promise<MadeAnswer>): Promise<FastifyReply>
}

export interface MadeAnswer {
  body: string
  headers: Record<string, string>
}

interface Kept {
  at: number
  answer: Promise<Bytes>
}

interface Bytes {
  headers: Record<string, string>
  identity: Encoded
  /** Made when the first reader that understands it asks. */
  encoded: Partial<Record<Encoding, Promise<Encoded>>>
}

interface Encoded {
  bytes: Buffer
  etag: string
}

type Encoding = 'br' | 'gzip'

/** With the count's own shelf and the tally's step, what is shown is then less than 2 s old. */
const MAX_AGE_MS = 250
/** Some 20 MB. Attribution is part of a page's address, so that anyone can make up new ones. */
const MAX_KEPT = 500
const SMALLEST_COMPRESSED_BYTES = 1000

const compress: Record<Encoding, (bytes: Buffer) => Promise<Buffer>> = {
  // Level 5 shrinks a page as much as gzip's best, in less time than rendering it takes.
  br: (bytes) =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: promisify(gzip),
}

export function createAnswerShelf(maxAge = MAX_AGE_MS): AnswerShelf {
  const kept = new Map<string, Kept>()

  function find(key: string, make: () => Promise<MadeAnswer>): Promise<Bytes> {
    const known = kept.get(key)
    if (known && performance.now() - known.at < maxAge) return known.answer
    const answer = make().then(toBytes)
    kept.delete(key)
    if (maxAge === 0) return answer
    kept.set(key, { at: performance.now(), answer })
    // A failure is nobody's answer but of those who waited for it.
    answer.catch(() => kept.get(key)?.answer === answer && kept.delete(key))
    if (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value!)
    return answer
  }

  return {
    async send(reply, key, make) {
      const found = await find(key, make)
      const { headers } = reply.request
      const { bytes, etag } = await choose(found, headers['accept-encoding'])
      reply.headers(found.headers)
      reply.header('etag', etag).header('vary', 'accept-encoding')
      if (bytes !== found.identity.bytes) {
        reply.header('content-encoding', etag.endsWith('br"') ? 'br' : 'gzip')
      }
      return isKnown(headers['if-none-match'], etag)
        ? reply.removeHeader('content-encoding').status(304).send()
        : reply.send(bytes)
    },
  }
}

function toBytes({ body, headers }: MadeAnswer): Bytes {
  const bytes = Buffer.from(body)
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 22)
  return { headers, identity: { bytes, etag: `"${hash}"` }, encoded: {} }
}

async function choose(found: Bytes, accepted: string | undefined): Promise<Encoded> {
  const { identity, encoded } = found
  if (!accepted || identity.bytes.length < SMALLEST_COMPRESSED_BYTES) return identity
  const encoding = accepts(accepted, 'br') ? 'br' : accepts(accepted, 'gzip') ? 'gzip' : null
  if (!encoding) return identity
  encoded[encoding] ??= compress[encoding](identity.bytes).then((bytes) => ({
    bytes,
    // Other bytes, another tag (RFC 9110, section 8.8.3.3).
    etag: `${identity.etag.slice(0, -1)}-${encoding}"`,
  }))
  return encoded[encoding]
}

/** RFC 9110, section 12.5.3, but for preferences among what is accepted: the smaller is better. */
function accepts(header: string, encoding: Encoding): boolean {
  const match = new RegExp(`(?:^|,)\\s*${encoding}\\s*(?:;\\s*q=([\\d.]+))?\\s*(?:,|$)`, 'i').exec(
    header,
  )
  return match !== null && Number(match[1] ?? 1) > 0
}

/** RFC 9110, section 13.1.2; a proxy that compresses marks the tag weak. */
function isKnown(header: string | undefined, etag: string): boolean {
  return header?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag) ?? false
}
