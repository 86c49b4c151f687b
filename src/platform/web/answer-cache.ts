import { performance } from 'node:perf_hooks'
import type { FastifyReply } from 'fastify'
import { NewestMap } from '../cache.ts'
import { isDatabaseAway } from '../database/unavailable.ts'
import { inTimeOrLast } from '../in-time.ts'
import { SMALLEST_COMPRESSED_BYTES } from './compress-answers.ts'
import {
  type Compression,
  chooseEncoding,
  compress,
  type Encoding,
  isKnownTag,
  makeTag,
  tagOf,
} from './encoding.ts'
import { createReadyAnswers, type ReadyAnswers } from './ready-answers.ts'

/** Pages and figures that are the same for everyone, kept as the bytes that are sent. */
export interface AnswerCache {
  /** Sends the answer kept under the key, or makes it: once, however many ask at the same moment. */
  send(
    reply: FastifyReply,
    key: string,
    make: () => Promise<MadeAnswer>,
    room?: Room,
  ): Promise<FastifyReply>
  /** The same answers by address, sent before routing. */
  ready: ReadyAnswers
}

export interface MadeAnswer {
  body: string
  headers: Record<string, string>
}

interface Kept {
  /** On the clock of `performance.now()`. */
  until: number
  answer: Promise<Bytes>
  isUnderWay: boolean
  /** The last that was made: given again while the database is away. */
  last: Bytes | null
}

interface Bytes {
  headers: Record<string, string>
  identity: Encoded
  /** Made when the first reader that understands it asks. */
  encoded: Partial<Record<Compression, Promise<Encoded>>>
}

interface Encoded {
  bytes: Buffer
  etag: string
}

/** With the count's own cache and the interval of counting, figures are then less than 2 s old. */
const MAX_AGE_MS = 250
/**
 * Some 20 MB, and 4 MB. Attribution is part of a page's address, so anyone can make up new addresses: they have
 * room of their own, and put out no page that everyone reads.
 */
const ROOMS = { plain: 500, attributed: 100 }
/** `attributed` for keys that a reader can make up in part. */
export type Room = keyof typeof ROOMS

/** @param latest see createReadyAnswers */
export function createAnswerCache(maxAge = MAX_AGE_MS, latest?: number): AnswerCache {
  const rooms: Record<Room, Map<string, Kept>> = {
    plain: new NewestMap(ROOMS.plain),
    attributed: new NewestMap(ROOMS.attributed),
  }
  const ready = createReadyAnswers(latest)

  function find(key: string, make: () => Promise<MadeAnswer>, room: Room): Kept {
    const kept = rooms[room]
    const known = kept.get(key)
    const now = performance.now()
    if (known && (now < known.until || known.isUnderWay)) return known
    const last = known?.last ?? null
    const making = make().then(toBytes)
    const answer = inTimeOrLast(making, () => last && { value: last }, isDatabaseAway)
    const made: Kept = { until: now + maxAge, answer, isUnderWay: true, last }
    if (maxAge === 0) return made
    kept.set(key, made)
    const settled = (bytes: Bytes | null) => {
      made.isUnderWay = false
      made.last = bytes ?? last
    }
    making.then(settled, () => settled(null))
    // A failure is not kept: only those who waited for it get it.
    answer.catch(() => kept.get(key) === made && kept.delete(key))
    return made
  }

  return {
    ready,
    async send(reply, key, make, room = 'plain') {
      const { until, answer } = find(key, make, room)
      const found = await answer
      const { headers, method } = reply.request
      const encoding = chooseEncoding(headers['accept-encoding'])
      const { bytes, etag } = await encode(found, encoding)
      reply.headers({ ...found.headers, etag, vary: 'accept-encoding' })
      if (bytes !== found.identity.bytes) reply.header('content-encoding', encoding)
      ready.keep(reply, { encoding, bytes, etag, until })
      if (!isKnownTag(headers['if-none-match'], etag)) return reply.send(bytes)
      reply.removeHeader('content-encoding').removeHeader('content-type').status(304)
      // Fastify takes a HEAD's content-length from the body that it is given, and doesn't send the body.
      return reply.send(method === 'HEAD' ? bytes : undefined)
    },
  }
}

function toBytes({ body, headers }: MadeAnswer): Bytes {
  const bytes = Buffer.from(body)
  return { headers, identity: { bytes, etag: makeTag(bytes) }, encoded: {} }
}

async function encode({ identity, encoded }: Bytes, encoding: Encoding): Promise<Encoded> {
  if (encoding === 'identity' || identity.bytes.length < SMALLEST_COMPRESSED_BYTES) return identity
  encoded[encoding] ??= compress[encoding](identity.bytes).then((bytes) => ({
    bytes,
    etag: tagOf(identity.etag, encoding),
  }))
  return encoded[encoding]
}
