import { heldBytes, ownBytes } from '../budget-map.ts'
import { SMALLEST_COMPRESSED_BYTES } from './compress-answers.ts'
import { type Compression, compress, type Encoding, makeTag, tagOf } from './encoding.ts'
import { createGappedBody } from './gapped-body.ts'
import type { Repeated } from './read-query.ts'

/** A kept answer's body, whole or with gaps for what it repeats of the query. */
export interface Body {
  /** That `compressed` can make. */
  compressions: readonly Compression[]
  identity: Encoded
  /** Made when the first reader that understands it asks. */
  compressed(encoding: Compression): Promise<Encoded>
}

export interface Encoded {
  /** What it takes of memory. */
  held: readonly Buffer[]
  fill(repeated: Repeated): Filled
}

export interface Filled {
  bytes: Buffer
  etag: string
}

/** @param shape names of the values that the text repeats; it was made with `standInFor` each */
export function createBody(text: string, shape: readonly string[]): Body {
  return shape.length > 0 ? createGappedBody(text, shape) : createWholeBody(text)
}

function createWholeBody(text: string): Body {
  const whole = ownBytes(Buffer.from(text))
  const etag = makeTag(whole)
  const made: Partial<Record<Compression, Promise<Encoded>>> = {}
  return {
    compressions: whole.length < SMALLEST_COMPRESSED_BYTES ? [] : ['br', 'gzip'],
    identity: always(whole, etag),
    compressed(encoding) {
      made[encoding] ??= compress[encoding](whole).then((bytes) =>
        always(ownBytes(bytes), tagOf(etag, encoding)),
      )
      return made[encoding]
    },
  }
}

function always(bytes: Buffer, etag: string): Encoded {
  const filled = { bytes, etag }
  return { held: [bytes], fill: () => filled }
}

export const encode = (body: Body, encoding: Encoding): Promise<Encoded> | Encoded =>
  encoding === 'identity' ? body.identity : body.compressed(encoding)

export const bytesOfEncoded = ({ held }: Encoded): number =>
  held.reduce((sum, bytes) => sum + heldBytes(bytes), 0)
