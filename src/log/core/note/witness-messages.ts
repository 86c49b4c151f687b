import { concatBytes, encodeBase64 } from '../../../platform/bytes.ts'
import {
  decodeUtf8,
  encodeUtf8,
  formatDecimal,
  MalformedError,
  parseBase64,
  parseDecimal,
} from '../canonical.ts'
import { checkHash } from '../tree/hash-tree.ts'
import { type NoteSignature, parseSignatureLines } from './note.ts'

/** c2sp.org/tlog-witness: the body of `POST …/add-checkpoint`. */
interface AddCheckpoint {
  /** The size of the checkpoint that the witness is believed to have signed last, or 0. */
  old: number
  /** That the log of size `old` is the beginning of the checkpoint's (RFC 6962, section 2.1.2). */
  proof: Uint8Array[]
  /** A signed note. */
  checkpoint: Uint8Array
}

/** A tree of 2^63 leaves has no longer proof. */
const MAX_PROOF_LINES = 63
/** The longest proof is 3 kB; the rest is room for a few dozen signatures, some post-quantum. */
export const MAX_REQUEST_BYTES = 100_000

/** @throws MalformedError when no witness would read it. */
export function formatAddCheckpoint({ old, proof, checkpoint }: AddCheckpoint): Uint8Array {
  const lines = [`old ${formatDecimal(old)}`, ...proof.map((hash) => encodeBase64(checkHash(hash)))]
  const bytes = concatBytes(encodeUtf8(`${lines.join('\n')}\n\n`), checkpoint)
  parseAddCheckpoint(bytes)
  return bytes
}

/** Reads the lines before the checkpoint, which stays as it is. @throws MalformedError */
export function parseAddCheckpoint(bytes: Uint8Array): AddCheckpoint {
  if (bytes.length > MAX_REQUEST_BYTES) throw new MalformedError('request', 'too long')
  const text = decodeUtf8(bytes)
  const split = text.indexOf('\n\n')
  if (split < 0) throw new MalformedError('request', 'no empty line before the checkpoint')
  const [first, ...lines] = text.slice(0, split).split('\n')
  if (!first!.startsWith('old ')) throw new MalformedError('request', 'no old size')
  if (lines.length > MAX_PROOF_LINES) throw new MalformedError('request', 'too many proof lines')
  return {
    old: parseDecimal(first!.slice('old '.length)),
    proof: lines.map((line) => checkHash(parseBase64(line))),
    checkpoint: encodeUtf8(text.slice(split + 2)),
  }
}

/** c2sp.org/tlog-witness: the type of the 409 with the size that the witness signed last. */
export const SIZE_TYPE = 'text/x.tlog.size'
/** Room for a few dozen signatures, some post-quantum. */
export const MAX_ANSWER_BYTES = 100_000

export function formatSizeAnswer(size: number): string {
  return `${formatDecimal(size)}\n`
}

/** @throws MalformedError */
export function parseSizeAnswer(bytes: Uint8Array): number {
  const text = decodeUtf8(bytes)
  if (!text.endsWith('\n')) throw new MalformedError('size', 'cut off')
  return parseDecimal(text.slice(0, -1))
}

/** The signature lines of a 200, not verified yet. @throws MalformedError */
export function parseCosignatures(bytes: Uint8Array): NoteSignature[] {
  if (bytes.length > MAX_ANSWER_BYTES) throw new MalformedError('cosignatures', 'too long')
  return parseSignatureLines(decodeUtf8(bytes))
}
