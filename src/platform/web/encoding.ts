import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyReply } from 'fastify'

export type Encoding = 'br' | 'gzip' | 'identity'
export type Compression = Exclude<Encoding, 'identity'>

/** More than the Accept-Encoding headers that browsers send; a made-up one beyond them is parsed each time. */
const MAX_REMEMBERED = 200
/** Browsers send some 30 characters. A longer header is neither kept nor parsed. */
const MAX_READ_CHARACTERS = 256
/** Caches send the tags of the few representations that they hold. */
const MAX_TAGS = 50
const remembered = new Map<string, ReadonlySet<string>>()
const NOTHING: ReadonlySet<string> = new Set()
/** The smallest first. */
const COMPRESSIONS: readonly Compression[] = ['br', 'gzip']

/**
 * The smallest encoding that the reader understands: RFC 9110, section 12.5.3, but for its preferences.
 *
 * @param offered those that there are, the smallest first
 */
export function chooseEncoding(
  header: string | undefined,
  offered: readonly Compression[] = COMPRESSIONS,
): Encoding {
  const accepted = findAccepted(header)
  return offered.find((compression) => accepted.has(compression)) ?? 'identity'
}

function findAccepted(header: string | undefined): ReadonlySet<string> {
  if (!header || header.length > MAX_READ_CHARACTERS) return NOTHING
  const known = remembered.get(header)
  if (known) return known
  const accepted = readAccepted(header)
  if (remembered.size < MAX_REMEMBERED) remembered.set(header, accepted)
  return accepted
}

/** Codings that `q=0` doesn't refuse. By `split`, since a regular expression would backtrack. */
function readAccepted(header: string): Set<string> {
  const accepted = new Set<string>()
  for (const item of header.toLowerCase().split(',')) {
    const [coding = '', ...parameters] = item.split(';').map((part) => part.trim())
    const weight = parameters.find((parameter) => parameter.startsWith('q='))
    const isMeant = weight === undefined || Number(weight.slice('q='.length)) > 0
    if (isMeant && isCompression(coding)) accepted.add(coding)
  }
  return accepted
}

const isCompression = (coding: string) => (COMPRESSIONS as string[]).includes(coding)

export const compress: Record<Compression, (bytes: Buffer) => Promise<Buffer>> = {
  // Level 5 shrinks a page as much as gzip's best, in less time than rendering it takes.
  br: (bytes) =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: promisify(gzip),
}

/** The ETag of an uncompressed answer. */
export const makeTag = (body: string | Buffer) =>
  `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`

/** Each encoding has its own bytes and so its own tag: RFC 9110, section 8.8.3.3. */
export const tagOf = (etag: string, encoding: Encoding) =>
  encoding === 'identity' ? etag : `${etag.slice(0, -1)}-${encoding}"`

/** Whether If-None-Match names the tag, or any by `*`: RFC 9110, section 13.1.2. A proxy that compresses makes tags weak. */
export function isKnownTag(header: string | undefined, etag: string): boolean {
  if (header?.trim() === '*') return true
  return (
    header?.split(',', MAX_TAGS).some((tag) => tag.trim().replace(/^W\//, '') === etag) ?? false
  )
}

/**
 * Sends bytes that are rarely asked for twice, compressed for the reader whatever their type. Unlike
 * compress-answers.ts it keeps nothing: caches in front do.
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
