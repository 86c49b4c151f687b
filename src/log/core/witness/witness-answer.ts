import { formatDecimal, parseDecimal } from '../decimal.ts'
import { MalformedError } from '../malformed.ts'
import { type NoteSignature, parseSignatureLines } from '../note/note.ts'
import { decodeText } from '../text.ts'

/** c2sp.org/tlog-witness: of the 409 that tells the size of what the witness signed last. */
export const SIZE_TYPE = 'text/x.tlog.size'
/** Room for a few dozen signatures, some post-quantum. */
export const MAX_ANSWER_BYTES = 100_000

export function formatSizeAnswer(size: number): string {
  return `${formatDecimal(size)}\n`
}

/** @throws MalformedError */
export function parseSizeAnswer(bytes: Uint8Array): number {
  const text = decodeText(bytes)
  if (!text.endsWith('\n')) throw new MalformedError('size', 'cut off')
  return parseDecimal(text.slice(0, -1))
}

/** The signature lines of a 200, not verified yet. @throws MalformedError */
export function parseCosignatures(bytes: Uint8Array): NoteSignature[] {
  if (bytes.length > MAX_ANSWER_BYTES) throw new MalformedError('cosignatures', 'too long')
  return parseSignatureLines(decodeText(bytes))
}
