import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyReply } from 'fastify'
import { chooseEncoding, type Encoding, isKnownTag } from './encoding.ts'

const compress: Record<Encoding, (bytes: Buffer) => Promise<Buffer>> = {
  br: (bytes) =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: promisify(gzip),
  identity: async (bytes) => bytes,
}

/**
 * Sends bytes that are rarely asked for twice, compressed as the reader understands it, with an ETag for
 * each way of it (RFC 9110, section 8.8.3.3). Nothing is kept: caches in front do that.
 */
export async function sendCompressed(reply: FastifyReply, bytes: Buffer, cache: string) {
  const { headers } = reply.request
  const encoding = chooseEncoding(headers['accept-encoding'])
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 22)
  const etag = encoding === 'identity' ? `"${hash}"` : `"${hash}-${encoding}"`
  reply.headers({ etag, 'cache-control': cache, vary: 'accept-encoding' })
  if (isKnownTag(headers['if-none-match'], etag)) return reply.status(304).send()
  if (encoding !== 'identity') reply.header('content-encoding', encoding)
  return reply.send(await compress[encoding](bytes))
}
