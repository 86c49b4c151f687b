import { concatBytes, encodeBase64 } from '../../platform/bytes.ts'
import {
  decodeUtf8,
  encodeUtf8,
  formatDecimal,
  MalformedError,
  parseBase64,
  parseDecimal,
} from './canonical.ts'
import { checkHash } from './tree/hash-tree.ts'

/** c2sp.org/tlog-proof: a proof that an entry is in the log, to be verified without a connection. */
export interface TlogProof {
  /** Free for the application: here the entry itself, so that a receipt needs nothing beside it. */
  extra: Uint8Array | null
  index: number
  /** From the leaf's sibling upwards. */
  hashes: Uint8Array[]
  /** A signed note. */
  checkpoint: Uint8Array
}

const HEADER = 'c2sp.org/tlog-proof@v1'
/** A tree of 2^63 leaves has no longer path. */
const MAX_HASHES = 63
const MAX_BYTES = 2_000_000

export function formatTlogProof({ extra, index, hashes, checkpoint }: TlogProof): Uint8Array {
  const lines = [
    HEADER,
    ...(extra ? [`extra ${encodeBase64(extra)}`] : []),
    `index ${formatDecimal(index)}`,
    ...hashes.map((hash) => encodeBase64(checkHash(hash))),
    '',
  ]
  return concatBytes(encodeUtf8(lines.map((line) => `${line}\n`).join('')), checkpoint)
}

/** Reads the proof's own lines; the checkpoint stays as it is. @throws MalformedError */
export function parseTlogProof(bytes: Uint8Array): TlogProof {
  if (bytes.length > MAX_BYTES) throw new MalformedError('proof', 'too long')
  const text = decodeUtf8(bytes)
  const split = text.indexOf('\n\n')
  const lines = text.slice(0, split).split('\n')
  if (split < 0 || lines.shift() !== HEADER) throw new MalformedError('proof', `no ${HEADER}`)
  const extra = lines[0]?.startsWith('extra ') ? lines.shift()!.slice('extra '.length) : null
  const index = lines.shift()
  if (!index?.startsWith('index ')) throw new MalformedError('proof', 'no index')
  if (lines.length > MAX_HASHES) throw new MalformedError('proof', 'too many hashes')
  return {
    extra: extra === null ? null : parseBase64(extra),
    index: parseDecimal(index.slice('index '.length)),
    hashes: lines.map((line) => checkHash(parseBase64(line))),
    checkpoint: encodeUtf8(text.slice(split + 2)),
  }
}
