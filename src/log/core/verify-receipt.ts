import { encodeBase64 } from '../../platform/bytes.ts'
import { commit } from '../../sealing/record/commitment.ts'
import { attempt, MalformedError } from './canonical.ts'
import type { LogEntry } from './entry/entry.ts'
import { parseEntry } from './entry/entry-line.ts'
import type { Checkpoint } from './note/checkpoint.ts'
import { type CheckpointProblem, openCheckpoint, type Trust } from './note/open-checkpoint.ts'
import type { Signed } from './note/open-note.ts'
import { type Opening, parseOpening } from './opening.ts'
import { parseTlogProof, type TlogProof } from './tlog-proof.ts'
import { hashLeaf } from './tree/hash-tree.ts'
import { verifyInclusion } from './tree/verify-inclusion.ts'

export type ReceiptProblem =
  | 'malformed-receipt'
  | 'unknown-entry'
  | `checkpoint-${CheckpointProblem}`
  | 'not-in-the-log'
  | 'malformed-opening'
  | 'wrong-opening'

export type VerifiedReceipt =
  | {
      ok: true
      entry: LogEntry
      index: number
      checkpoint: Checkpoint
      cosigned: Signed[]
      /** The private part, if it was given. */
      opening: Opening | null
    }
  | { ok: false; problem: ReceiptProblem; detail: string }

/**
 * Verifies a receipt (a tlog-proof that carries its entry), and its private part if given. It shows
 * that the entry is in the log, not that it still counts: a later entry may take a signature out.
 */
export async function verifyReceipt(
  receipt: Uint8Array,
  trust: Trust,
  opening: Uint8Array | null = null,
): Promise<VerifiedReceipt> {
  const proof = attempt(() => parseTlogProof(receipt))
  if (proof instanceof MalformedError) return fail('malformed-receipt', proof.message)
  if (!proof.extra) return fail('malformed-receipt', 'holds no entry')
  const entry = parseEntry(proof.extra)
  if (entry.kind === 'invalid') return fail('unknown-entry', entry.problem)
  const opened = await openCheckpoint(proof.checkpoint, trust)
  if (!opened.ok) return fail(`checkpoint-${opened.problem}`, opened.detail)
  const { checkpoint, cosigned } = opened
  if (!isIncluded(proof, proof.extra, checkpoint)) {
    return fail('not-in-the-log', `entry ${proof.index} of ${checkpoint.size}`)
  }
  const shown = opening && attempt(() => parseOpening(opening))
  if (shown instanceof MalformedError) return fail('malformed-opening', shown.message)
  if (shown && !opens(shown, entry)) return fail('wrong-opening', `entry ${proof.index}`)
  return { ok: true, entry, index: proof.index, checkpoint, cosigned, opening: shown }
}

function isIncluded(proof: TlogProof, entry: Uint8Array, { size, root }: Checkpoint): boolean {
  const { index, hashes } = proof
  return verifyInclusion({ index, size, leafHash: hashLeaf(entry), root, proof: hashes })
}

function opens({ secret, fields }: Opening, entry: LogEntry): boolean {
  return (
    entry.kind === 'sign' &&
    entry.slug === fields.slug &&
    entry.commitment === encodeBase64(commit(secret, fields))
  )
}

function fail(problem: ReceiptProblem, detail: string): VerifiedReceipt {
  return { ok: false, problem, detail }
}
