import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { BudgetMap, heldBytes, ownBytes } from '../budget-map.ts'
import {
  type Compression,
  chooseEncoding,
  compress,
  type Encoding,
  isKnownTag,
  tagOf,
} from './encoding.ts'

/** Smaller answers fit into one packet, compressed or not. */
export const SMALLEST_COMPRESSED_BYTES = 1000

/** A public answer is compressed once while it stays the same. */
const BUDGET_BYTES = 4 * 1024 * 1024
const COMPRESSIBLE = /^(?:text\/|image\/svg|application\/(?:json|xml|javascript))/

/**
 * Compresses answers that don't come from the answer cache, too, and answers 304 to a reader who has them. Pages
 * for one signer as well: a compressed page's length betrays secrets (BREACH) only to an attacker who can make the
 * signer's browser load it again and again, and without cookies that takes the secret address itself.
 */
export function compressAnswers(app: FastifyInstance): void {
  const kept = new BudgetMap<Buffer>(BUDGET_BYTES, heldBytes, 'compressed_answers')
  /** Of pages without a tag that are sent again and again as the same buffer, such as those of a 404. */
  const ofSame = new WeakMap<Buffer, Partial<Record<Compression, Promise<Buffer>>>>()

  async function compressOnce(
    etag: unknown,
    encoding: Compression,
    bytes: Buffer,
  ): Promise<Buffer> {
    if (typeof etag !== 'string') return compressSame(encoding, bytes)
    const known = kept.get(etag)
    if (known) return known
    const made = ownBytes(await compress[encoding](bytes))
    kept.set(etag, made)
    return made
  }

  function compressSame(encoding: Compression, bytes: Buffer): Promise<Buffer> {
    const made = ofSame.get(bytes) ?? {}
    ofSame.set(bytes, made)
    made[encoding] ??= compress[encoding](bytes)
    return made[encoding]
  }

  app.addHook('onSend', (request, reply, payload, done) => {
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return done(null, payload)
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload
    const encoding = encodingFor(request, reply, bytes)
    const etag = reply.getHeader('etag')
    const isTagged = typeof etag === 'string' && encoding !== 'identity'
    if (isTagged) reply.header('etag', tagOf(etag, encoding))
    const isKnown = isUnchanged(request, reply)
    if (isKnown) reply.status(304).removeHeader('content-type')
    if (isKnown && request.method !== 'HEAD') return done(null, null)
    if (encoding === 'identity') return done(null, payload)
    compressOnce(reply.getHeader('etag'), encoding, bytes).then((compressed) => {
      if (!isKnown) reply.header('content-encoding', encoding)
      done(null, compressed)
    }, done)
  })
}

/** Sets `Vary` even where this reader gets the uncompressed answer. */
function encodingFor({ headers }: FastifyRequest, reply: FastifyReply, bytes: Buffer): Encoding {
  if (!COMPRESSIBLE.test(String(reply.getHeader('content-type')))) return 'identity'
  if (reply.hasHeader('content-encoding')) return 'identity'
  vary(reply, 'accept-encoding')
  return bytes.length < SMALLEST_COMPRESSED_BYTES
    ? 'identity'
    : chooseEncoding(headers['accept-encoding'])
}

function vary(reply: FastifyReply, field: string): void {
  const fields = String(reply.getHeader('vary') ?? '')
  if (!fields.includes(field)) reply.header('vary', fields ? `${fields}, ${field}` : field)
}

/** RFC 9110, section 13.2.1: conditions apply only to answers that would be 200. */
function isUnchanged({ method, headers }: FastifyRequest, reply: FastifyReply): boolean {
  if ((method !== 'GET' && method !== 'HEAD') || reply.statusCode !== 200) return false
  return isKnownTag(headers['if-none-match'], String(reply.getHeader('etag') ?? ''))
}
