import type { Effect, EntryCounter } from './entry/count-entries.ts'
import type { Checkpoint } from './note/checkpoint.ts'
import type { CheckpointProblem } from './note/open-checkpoint.ts'
import type { Signed } from './note/open-note.ts'

export interface LogReport {
  ok: boolean
  /** In the order of the walk; at most MAX_LISTED. Empty when ok. */
  faults: LogFault[]
  /** Withdraws and voids that change no count, which the rules allow; at most MAX_LISTED. */
  ignored: { index: number; effect: Effect }[]
  /** Null when it can't be believed. */
  checkpoint: Checkpoint | null
  cosigned: Signed[]
  /** The counts as far as entries could be read; all of them when ok. */
  counter: EntryCounter
}

export interface LogFault {
  problem: FaultProblem
  /** The file it is in: `checkpoint`, `tile/…`, `tile/entries/…`. */
  path: string
  /** Which entry of the log or which hash of a tile, both from 0; null for the whole file. */
  at: number | null
}

type FaultProblem =
  | `checkpoint-${CheckpointProblem}`
  /** The file isn't there. */
  | 'missing'
  /** Cut off, too long, or lengths that don't add up. */
  | 'malformed'
  /** An entry of a kind that isn't known, or not in its form. */
  | 'invalid-entry'
  /** An entry that the tree doesn't hold there. */
  | 'other-entry'
  /** A tile's hash that doesn't follow from the entries, whose root is the signed one. */
  | 'other-hash'
  /** The root of all entries isn't the signed one. */
  | 'other-root'
  /** The log doesn't extend an earlier checkpoint, of size `at`. */
  | 'rewritten'
  /** The log has fewer entries than an earlier checkpoint, of size `at`: cut, or another log. */
  | 'shrunk'

export const MAX_LISTED = 100
