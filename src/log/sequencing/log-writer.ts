import type { Db } from '../../database.ts'
import { SECOND, type SteadyClock } from '../../platform/clock.ts'
import { holdLock } from '../../platform/database/locks.ts'
import { ExpectedError } from '../../platform/expected-error.ts'
import type { NoteSigner } from '../core/note/sign-note.ts'

/** The means of a node to write the log, besides the database. */
export interface LogWriter {
  clock: SteadyClock
  /** The log's own key; its name is the log's origin. */
  signer: NoteSigner
  /** Where the node keeps the log outside the database; see src/log/log-folder.ts. */
  folder: string
  /** Where it keeps the mailbox tags of entries; see src/log/mailbox-tags.ts. */
  tagsFile: string
  /** Adds witnesses' signatures to a signed checkpoint, as many as come in time. */
  cosign(note: Uint8Array): Promise<Uint8Array>
  /** Draws the boundaries of guarded figures; see src/count/guard-cells.ts. */
  figuresKey: Buffer
  /** Signatures of a guarded petition that a batch holds at least, unless it has waited for long. */
  minBatch: number
  /** A whole number from 0 to before `below`, from a CSPRNG. */
  randomInt(below: number): number
}

/** The log can't go on as things are; the message is one line for the operator. */
export class LogRefusal extends ExpectedError {}

/** Every step that writes holds this advisory lock, for its own transaction only. */
export const LOG_LOCK = 'public-log'
/** No step computes for so long between two statements. */
const IDLE_MS = 30 * SECOND

/** One step of the log's writing; null when another node is at one. */
export const holdLog = <R>(db: Db, work: (trx: Db) => Promise<R>): Promise<R | null> =>
  holdLock(db, LOG_LOCK, work, { idleMs: IDLE_MS })
