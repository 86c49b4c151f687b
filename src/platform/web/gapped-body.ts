import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { constants, crc32, deflateRaw } from 'node:zlib'
import { ownBytes } from '../budget-map.ts'
import type { Body, Encoded } from './answer-body.ts'
import { makeTag, tagOf } from './encoding.ts'
import type { Repeated } from './read-query.ts'

/** What stands for a repeated value while an answer is made: no reader can know it, nor write it into a text. */
const STAND_IN_BYTES = 24
const NEEDS_NO_ESCAPING = /^[A-Za-z0-9_-]+$/
const standIns = new Map<string, string>()

export function standInFor(name: string): string {
  const known = standIns.get(name)
  if (known) return known
  const made = randomBytes(STAND_IN_BYTES).toString('base64url')
  standIns.set(name, made)
  return made
}

/**
 * A body that was made with stand-ins for the values that it repeats: the pieces between them, and the values' names.
 * With each value put in, it is byte for byte what it would be, had it been made with them.
 * Why, and at what cost: docs/decisions/0045-pages-with-gaps.md
 */
export function createGappedBody(text: string, shape: readonly string[]): Body {
  const { pieces, gaps } = cut(text, shape)
  // The pieces alone, in their order: each process has stand-ins of its own, and tags are the same on all.
  const tag = makeTag(pieces.map((piece) => piece.toString('base64')).join(' '))
  const filledTag = (values: readonly Buffer[]) => makeTag([tag, ...values.map(String)].join(' '))
  let gzipped: Promise<Encoded> | undefined
  const valuesOf = (repeated: Repeated) => gaps.map((name) => valueFor(repeated, name))
  const identity: Encoded = {
    held: pieces,
    fill(repeated) {
      const values = valuesOf(repeated)
      return { bytes: Buffer.concat(inTurn(pieces, values)), etag: filledTag(values) }
    },
  }
  return {
    // Brotli's pieces can't be put together without compressing anew.
    compressions: ['gzip'],
    identity,
    compressed() {
      gzipped ??= compressPieces(pieces).then((compressed) => ({
        held: [...compressed, ...pieces],
        fill(repeated) {
          const values = valuesOf(repeated)
          const bytes = Buffer.concat([
            GZIP_HEAD,
            ...inTurn(compressed, values.map(store)),
            endOf(inTurn(pieces, values)),
          ])
          return { bytes, etag: tagOf(filledTag(values), 'gzip') }
        },
      }))
      return gzipped
    },
  }
}

function cut(text: string, shape: readonly string[]): { pieces: Buffer[]; gaps: string[] } {
  const pieces: Buffer[] = []
  const gaps: string[] = []
  for (let from = 0; ; ) {
    const found = shape
      .map((name) => ({ name, at: text.indexOf(standInFor(name), from) }))
      .filter(({ at }) => at >= 0)
      .sort((a, b) => a.at - b.at)[0]
    pieces.push(ownBytes(Buffer.from(text.slice(from, found?.at))))
    if (!found) return { pieces, gaps }
    gaps.push(found.name)
    from = found.at + standInFor(found.name).length
  }
}

/** @throws Error for a value that might have had to be escaped: the route has to leave out such */
function valueFor(repeated: Repeated, name: string): Buffer {
  const value = repeated[name] ?? ''
  if (!NEEDS_NO_ESCAPING.test(value)) throw new Error(`${name} can't be repeated as it is`)
  return Buffer.from(value)
}

const inTurn = (pieces: readonly Buffer[], values: readonly Buffer[]): Buffer[] =>
  pieces.flatMap((piece, at) => (at === 0 ? [piece] : [values[at - 1]!, piece]))

/** RFC 1952, section 2.3: deflate, no name, no time, from any system. */
const GZIP_HEAD = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])
/** RFC 1951, section 3.2.4: the last block, stored, of no bytes. */
const LAST_BLOCK = Buffer.from([1, 0, 0, 0xff, 0xff])
const STORED_HEAD_BYTES = 5
/** Shorter ones are not worth a compressor's start. */
const SMALLEST_COMPRESSED_PIECE = 200

/** Each piece alone, so that no back reference crosses a gap, and ending at a whole byte. */
function compressPieces(pieces: readonly Buffer[]): Promise<Buffer[]> {
  const compress = promisify(deflateRaw)
  const options = { level: constants.Z_BEST_COMPRESSION, finishFlush: constants.Z_SYNC_FLUSH }
  return Promise.all(
    pieces.map(async (piece) =>
      ownBytes(
        piece.length < SMALLEST_COMPRESSED_PIECE ? store(piece) : await compress(piece, options),
      ),
    ),
  )
}

/** A block of deflate that holds the bytes as they are; at most 65,535. */
function store(bytes: Buffer): Buffer {
  const block = Buffer.allocUnsafe(STORED_HEAD_BYTES + bytes.length)
  block.writeUInt8(0, 0)
  block.writeUInt16LE(bytes.length, 1)
  block.writeUInt16LE(bytes.length ^ 0xffff, 3)
  bytes.copy(block, STORED_HEAD_BYTES)
  return block
}

/** RFC 1952, section 2.3.1: the checksum and the length of what is packed. */
function endOf(parts: readonly Buffer[]): Buffer {
  const end = Buffer.alloc(LAST_BLOCK.length + 8)
  LAST_BLOCK.copy(end)
  end.writeUInt32LE(
    // Of nothing, zlib gives back 0 instead of the sum so far.
    parts.reduce((sum, part) => (part.length > 0 ? crc32(part, sum) : sum), 0),
    LAST_BLOCK.length,
  )
  end.writeUInt32LE(
    parts.reduce((sum, part) => sum + part.length, 0),
    LAST_BLOCK.length + 4,
  )
  return end
}
