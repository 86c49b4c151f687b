import type { FastifyReply } from 'fastify'
import { chooseEncoding, compress, isKnownTag, makeTag, tagOf } from './encoding.ts'

/**
 * Sends bytes that are rarely asked for twice, compressed as the reader understands it, whatever their type.
 * Nothing is kept, unlike in compress-answers.ts: caches in front do that.
 */
export async function sendCompressed(reply: FastifyReply, bytes: Buffer, cache: string) {
  const { headers } = reply.request
  const encoding = chooseEncoding(headers['accept-encoding'])
  const etag = tagOf(makeTag(bytes), encoding)
  reply.headers({ etag, 'cache-control': cache, vary: 'accept-encoding' })
  if (isKnownTag(headers['if-none-match'], etag)) return reply.status(304).send()
  if (encoding === 'identity') return reply.send(bytes)
  return reply.header('content-encoding', encoding).send(await compress[encoding](bytes))
}
