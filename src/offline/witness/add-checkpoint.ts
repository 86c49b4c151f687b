import { attempt, decodeUtf8, MalformedError } from '../../log/core/canonical.ts'
import { type Checkpoint, hasFalseRoot, parseCheckpoint } from '../../log/core/note/checkpoint.ts'
import { verifyEd25519 } from '../../log/core/note/node-ed25519.ts'
import { formatNote, type Note, type NoteSignature, parseNote } from '../../log/core/note/note.ts'
import { parseVkey } from '../../log/core/note/note-key.ts'
import { openNote } from '../../log/core/note/open-note.ts'
import { addSignatures, cosign, type NoteSigner } from '../../log/core/note/sign-note.ts'
import { parseAddCheckpoint } from '../../log/core/note/witness-messages.ts'
import { verifyConsistency } from '../../log/core/tree/verify-consistency.ts'
import { equalBytes } from '../../platform/bytes.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Cosigned } from './start-witness.ts'
import type { StateFile } from './state-file.ts'
import { type KnownLog, latestOf } from './witness-state.ts'

export type AddCheckpointAnswer =
  | { kind: 'cosigned'; signature: NoteSignature }
  | { kind: 'malformed'; detail: string }
  | { kind: 'unknown-log' | 'not-signed' | 'inconsistent' | 'false-root' | 'other-root' }
  /** Of the checkpoint that was cosigned last. */
  | { kind: 'other-size'; size: number }

export interface Cosigning {
  signer: NoteSigner
  file: StateFile
  /** The origins of the logs that are watched. */
  watched: Set<string>
  clock: Clock
  /** Cosigned checkpoints for monitors; without them, each request is signed anew. */
  cosigned?: Cosigned
  /** Two checkpoints of one size that the log has signed, and that contradict each other. */
  onSplitView(notes: { signed: string; refused: string }): void
}

/** Answers the body of an `add-checkpoint` request (c2sp.org/tlog-witness). */
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

/** Runs alone: nothing may sign between reading the last checkpoint and saving the new one. */
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
  // A crash before this line loses a signature, which the log asks for again with the size in the 409.
  const seconds = Math.floor(clock.now().getTime() / 1000)
  const signature = cosign(note.text, signer, seconds)
  cosigned?.set(log.origin, addSignatures(note, [signature]))
  return { kind: 'cosigned', signature }
}

function extendsLog(latest: Checkpoint, next: Checkpoint, proof: Uint8Array[]): boolean {
  const { size: from, root: oldRoot } = latest
  return verifyConsistency({ from, oldRoot, to: next.size, newRoot: next.root, proof })
}

export interface Submitted {
  checkpoint: Checkpoint
  /** With the log's own signatures only. */
  note: Note
}

type RefusedSubmission =
  | { kind: 'malformed'; detail: string }
  | { kind: 'unknown-log' | 'not-signed' }

/** Verifies that a known log has signed the checkpoint. */
async function openSubmitted(
  bytes: Uint8Array,
  logs: KnownLog[],
): Promise<Submitted | RefusedSubmission> {
  const note = attempt(() => parseNote(bytes))
  if (note instanceof MalformedError) return { kind: 'malformed', detail: note.message }
  const checkpoint = attempt(() => parseCheckpoint(note.text))
  if (checkpoint instanceof MalformedError) return { kind: 'malformed', detail: checkpoint.message }
  const log = logs.find(({ origin }) => origin === checkpoint.origin)
  if (!log) return { kind: 'unknown-log' }
  const keys = log.keys.map(parseVkey)
  const opened = await openNote(bytes, keys, verifyEd25519)
  if (!opened.ok) return { kind: 'not-signed' }
  const isOwn = ({ name, keyId }: { name: string; keyId: string }) =>
    keys.some((key) => key.name === name && key.keyId === keyId)
  return {
    checkpoint,
    note: { ...note, signatures: note.signatures.filter(isOwn).slice(0, keys.length) },
  }
}

/** Runs the given work one after the other, in the order of the calls; a failure ends only its own turn. */
function takeTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const turn = last.then(work, work)
    last = turn
    return turn
  }
}
