import { encodeBase64, equalBytes } from '../../../platform/bytes.ts'
import { formatDecimal, MalformedError, parseBase64, parseDecimal } from '../canonical.ts'
import { checkHash, EMPTY_ROOT } from '../tree/hash-tree.ts'

/** c2sp.org/tlog-checkpoint: the log's state at one size. */
export interface Checkpoint {
  /** Which log. Mostly the name of its key as well, which the format only advises. */
  origin: string
  size: number
  root: Uint8Array
}

/** The text that is signed: three lines. @throws MalformedError for an impossible checkpoint. */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  const { origin, size, root } = checkpoint
  const text = `${origin}\n${formatDecimal(size)}\n${encodeBase64(root)}\n`
  const lines = text.split('\n').length - 1
  if (lines !== CHECKPOINT_LINES || hasFalseRoot(parseCheckpoint(text))) {
    throw new MalformedError(
      'checkpoint',
      'an origin of several lines, or an empty log with a root',
    )
  }
  return text
}

const CHECKPOINT_LINES = 3

/**
 * Reads the text of a checkpoint's note. Extension lines, which other logs may write, are passed over:
 * they are signed like the rest, but their meaning isn't known here.
 *
 * @throws MalformedError
 */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n')
  const end = lines.pop()
  const [origin, size, root] = lines
  if (lines.length < CHECKPOINT_LINES || end !== '' || lines.includes('')) {
    throw new MalformedError('checkpoint', 'not lines of origin, size, root, and none empty')
  }
  return { origin: origin!, size: parseDecimal(size!), root: checkHash(parseBase64(root!)) }
}

/** A log of no entries has one root only (RFC 6962, section 2.1). */
export function hasFalseRoot({ size, root }: Checkpoint): boolean {
  return size === 0 && !equalBytes(root, EMPTY_ROOT)
}

/** The three lines that are about the tree. @throws MalformedError */
export function withoutExtensions(text: string): string {
  parseCheckpoint(text)
  return `${text.split('\n').slice(0, CHECKPOINT_LINES).join('\n')}\n`
}
