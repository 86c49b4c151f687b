import { decodeBase64, encodeBase64 } from '../bytes/base64.ts'
import { equalBytes } from '../bytes/bytes.ts'
import { formatDecimal, parseDecimal } from '../bytes/decimal.ts'
import { MalformedError } from '../malformed.ts'
import { isKeyName } from '../note/note-key.ts'
import { checkHash, EMPTY_ROOT } from '../tree/hash-tree.ts'

/** c2sp.org/tlog-checkpoint: what the log was at one size. */
export interface Checkpoint {
  /** Which log: also the name of its key. */
  origin: string
  size: number
  root: Uint8Array
}

/** The text that is signed: three lines. @throws MalformedError for an impossible checkpoint. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  const text = `${origin}\n${formatDecimal(size)}\n${encodeBase64(root)}\n`
  parseCheckpoint(text)
  return text
}

/**
 * Reads the text of a checkpoint's note. Further lines, which the format allows, are refused: nothing
 * here could tell what they say.
 *
 * @throws MalformedError
 */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n')
  const [origin, size, root, end] = lines
  if (lines.length !== 4 || end !== '' || !isKeyName(origin!)) {
    throw new MalformedError('checkpoint', 'not three lines: origin, size, root')
  }
  const checkpoint = {
    origin: origin!,
    size: parseDecimal(size!),
    root: checkHash(decodeBase64(root!)),
  }
  if (checkpoint.size === 0 && !equalBytes(checkpoint.root, EMPTY_ROOT)) {
    throw new MalformedError('checkpoint', 'an empty log with another root')
  }
  return checkpoint
}
