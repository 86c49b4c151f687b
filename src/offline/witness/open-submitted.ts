import { attempt, MalformedError } from '../../log/core/canonical.ts'
import { type Checkpoint, parseCheckpoint } from '../../log/core/note/checkpoint.ts'
import { verifyEd25519 } from '../../log/core/note/node-ed25519.ts'
import { type Note, parseNote } from '../../log/core/note/note.ts'
import { parseVkey } from '../../log/core/note/note-key.ts'
import { openNote } from '../../log/core/note/open-note.ts'
import type { KnownLog } from './witness-state.ts'

export interface Submitted {
  checkpoint: Checkpoint
  /** With the log's own signatures only: what others append is not worth keeping. */
  note: Note
}

export type RefusedSubmission =
  | { kind: 'malformed'; detail: string }
  | { kind: 'unknown-log' | 'not-signed' }

/** Verifies that a known log has signed the checkpoint. */
export async function openSubmitted(
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
