import type { OpenBatch, OpenedLine } from './open-batch.ts'
import type { Key } from './read-identity.ts'

/** What does the heavy work: a worker, or this thread in slices. One task at a time. */
export interface Opener {
  open(batch: OpenBatch): Promise<OpenedLine[]>
  /** Null when the passphrase is another. */
  unlock(sealed: Uint8Array, passphrase: string): Promise<Key | null>
  /** Stops at once; what is under way is rejected with an EndedError. */
  end(): void
}

export class EndedError extends Error {}

/** What a worker is sent, and what it answers; it says `ready` or `unfit` before it is asked anything. */
export type Task =
  | { task: 'open'; batch: OpenBatch }
  | { task: 'unlock'; sealed: Uint8Array; passphrase: string }
export type Greeting = 'ready' | 'unfit'
export type Answer = { done: unknown } | { failed: string }
