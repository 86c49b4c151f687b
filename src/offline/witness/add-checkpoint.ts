import { attempt, decodeUtf8, MalformedError } from '../../log/core/canonical.ts'
import { type Checkpoint, hasFalseRoot } from '../../log/core/note/checkpoint.ts'
import { formatNote, type NoteSignature } from '../../log/core/note/note.ts'
import { addSignatures, cosign, type NoteSigner } from '../../log/core/note/sign-note.ts'
import { parseAddCheckpoint } from '../../log/core/note/witness-messages.ts'
import { verifyConsistency } from '../../log/core/tree/verify-consistency.ts'
import { equalBytes } from '../../platform/bytes.ts'
import type { Clock } from '../../platform/clock.ts'
import { openSubmitted, type Submitted } from './open-submitted.ts'
import type { Cosigned } from './show-cosigned.ts'
import type { StateFile } from './state-file.ts'
import { takeTurns } from './take-turns.ts'
import { latestOf } from './witness-state.ts'

export type AddCheckpointAnswer =
  | { kind: 'cosigned'; signature: NoteSignature }
  | { kind: 'malformed'; detail: string }
  | { kind: 'unknown-log' | 'not-signed' | 'inconsistent' | 'false-root' | 'other-root' }
  /** Of what was cosigned last. */
  | { kind: 'other-size'; size: number }

export interface Cosigning {
  signer: NoteSigner
  file: StateFile
  /** The origins of the logs that are watched. */
  watched: Set<string>
  clock: Clock
  /** Keeps what monitors may ask for; without it, it is signed anew for them. */
  cosigned?: Cosigned
  /** Two checkpoints of one size that the log has signed, and that contradict each other. */
  onSplitView(notes: { signed: string; refused: string }): void
}

/** What `add-checkpoint` does (c2sp.org/tlog-witness), given a request's body. */
export type AddCheckpointVerb = (body: Uint8Array) => Promise<AddCheckpointAnswer>

export function createAddCheckpoint(cosigning: Cosigning): AddCheckpointVerb {
  // All logs share a file, so they share the turns.
  const inTurn = takeTurns()
  return async (body) => {
    const request = attempt(() => parseAddCheckpoint(body))
    if (request instanceof MalformedError) return { kind: 'malformed', detail: request.message }
    const { file, watched } = cosigning
    const logs = file.state().logs.filter(({ origin }) => watched.has(origin))
    const submitted = await openSubmitted(request.checkpoint, logs)
    if ('kind' in submitted) return submitted
    if (request.old > submitted.checkpoint.size) {
      return { kind: 'malformed', detail: 'the old size is larger than the checkpoint' }
    }
    return inTurn(() => extendLog(cosigning, submitted, request))
  }
}

/** From the look at what was signed last until the new one is durable nothing else may come between. */
async function extendLog(
  { signer, file, clock, cosigned, onSplitView }: Cosigning,
  { checkpoint, note }: Submitted,
  { old, proof }: { old: number; proof: Uint8Array[] },
): Promise<AddCheckpointAnswer> {
  const state = file.state()
  const log = state.logs.find(({ origin }) => origin === checkpoint.origin)!
  const latest = latestOf(log)
  if (old !== latest.size) return { kind: 'other-size', size: latest.size }
  if (hasFalseRoot(checkpoint)) return { kind: 'false-root' }
  if (latest.size === checkpoint.size && !equalBytes(latest.root, checkpoint.root)) {
    onSplitView({ signed: log.checkpoint!, refused: decodeUtf8(formatNote(note)) })
    return { kind: 'other-root' }
  }
  if (!extendsLog(latest, checkpoint, proof)) return { kind: 'inconsistent' }
  if (log.checkpoint === null || latest.size < checkpoint.size) {
    const next = { ...log, checkpoint: decodeUtf8(formatNote(note)) }
    const logs = state.logs.map((other) => (other === log ? next : other))
    await file.save({ ...state, logs })
  }
  // A crash before this line costs a signature that the log asks for again, by the size it is told.
  const seconds = Math.floor(clock.now().getTime() / 1000)
  const signature = cosign(note.text, signer, seconds)
  cosigned?.set(log.origin, addSignatures(note, [signature]))
  return { kind: 'cosigned', signature }
}

function extendsLog(latest: Checkpoint, next: Checkpoint, proof: Uint8Array[]): boolean {
  const { size: from, root: oldRoot } = latest
  return verifyConsistency({ from, oldRoot, to: next.size, newRoot: next.root, proof })
}
