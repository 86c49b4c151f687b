import { attempt, MalformedError } from '../canonical.ts'
import { type Checkpoint, hasFalseRoot, parseCheckpoint } from './checkpoint.ts'
import type { NoteKey } from './note-key.ts'
import { openNote, type Signed, type VerifyEd25519 } from './open-note.ts'

/** The keys that a reader of the log trusts. */
export interface Trust {
  /** The log's own keys, one after a rotation more; their name is the log's origin. */
  logKeys: NoteKey[]
  witnessKeys: NoteKey[]
  verify: VerifyEd25519
}

type OpenedCheckpoint =
  | {
      ok: true
      checkpoint: Checkpoint
      /** The signed text. */
      text: string
      /** By known witnesses. How many are enough is for the reader to say. */
      cosigned: Signed[]
    }
  | { ok: false; problem: CheckpointProblem; detail: string }

export type CheckpointProblem = 'malformed' | 'bad-signature' | 'unsigned' | 'wrong-origin'

/** Verifies a signed checkpoint: the log's own signature must be among the signatures. */
export async function openCheckpoint(bytes: Uint8Array, trust: Trust): Promise<OpenedCheckpoint> {
  const { logKeys, witnessKeys, verify } = trust
  const opened = await openNote(bytes, [...logKeys, ...witnessKeys], verify)
  if (!opened.ok) return opened
  const { text } = opened.note
  const checkpoint = attempt(() => parseCheckpoint(text))
  if (checkpoint instanceof MalformedError) return fail('malformed', checkpoint.message)
  if (hasFalseRoot(checkpoint)) return fail('malformed', 'an empty log with another root')
  const bySelf = opened.signed.filter(({ key }) => logKeys.includes(key))
  if (bySelf.length === 0) return fail('unsigned', 'no signature of the log itself')
  if (!bySelf.every(({ key }) => key.name === checkpoint.origin)) {
    return fail('wrong-origin', checkpoint.origin)
  }
  const cosigned = opened.signed.filter(({ key }) => witnessKeys.includes(key))
  return { ok: true, checkpoint, text, cosigned }
}

function fail(problem: CheckpointProblem, detail: string): OpenedCheckpoint {
  return { ok: false, problem, detail }
}
