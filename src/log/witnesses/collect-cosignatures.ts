import type { FastifyBaseLogger } from 'fastify'
import type { Db } from '../../database.ts'
import { type Clock, SECOND } from '../../platform/clock.ts'
import { parseCheckpoint } from '../core/note/checkpoint.ts'
import { formatNote, type NoteSignature, parseNote } from '../core/note/note.ts'
import { addSignatures } from '../core/note/sign-note.ts'
import { proveConsistency } from '../core/tree/prove-consistency.ts'
import { createGetTile } from '../store/bundles-and-tiles.ts'
import { askWitness } from './ask-witness.ts'
import type { Witness } from './parse-witnesses.ts'

/** The log does not wait longer than this for its witnesses; the late are asked again with the next batch. */
const DEADLINE_MS = 5 * SECOND

/** Adds the cosignatures that a signed checkpoint lacks, as many as come in time. */
export function createCosign(
  db: Db,
  { clock, logger }: { clock: Clock; logger: FastifyBaseLogger },
  witnesses: readonly Witness[],
): (note: Uint8Array) => Promise<Uint8Array> {
  const sizes = new Map<string, number>()
  const getTile = createGetTile(db)
  return async (note) => {
    const parsed = parseNote(note)
    const missing = witnesses.filter(({ key }) => !parsed.signatures.some(isBy(key)))
    if (missing.length === 0) return note
    const added = await collectCosignatures(note, missing, {
      deadlineMs: DEADLINE_MS,
      clock,
      sizes,
      proveConsistency: (from, to) => proveConsistency(from, to, getTile),
      onProblem: (witness, why) =>
        logger.warn({ witness, why }, 'a witness has not cosigned the checkpoint'),
    })
    return added.length === 0 ? note : formatNote(addSignatures(parsed, added))
  }
}

const isBy = (key: { name: string; keyId: string }) => (signature: NoteSignature) =>
  signature.name === key.name && signature.keyId === key.keyId

export interface CollectOptions {
  /** For everything together, in milliseconds. */
  deadlineMs: number
  clock: Clock
  /** Up to which size each witness has signed, by `sizeKey`; kept here from one call to the next. */
  sizes: Map<string, number>
  /** See `proveConsistency` of the core; `to` is the checkpoint's size. */
  proveConsistency(from: number, to: number): Promise<Uint8Array[]>
  /** One line for the log's operator: why there is no signature of that witness. */
  onProblem(witnessName: string, why: string): void
}

/**
 * Asks all witnesses at the same time to cosign a checkpoint, and returns the good signatures, in the order
 * of the witnesses, as soon as all have answered or the time is up. A witness that is late, wrong or lying
 * costs its own signature only.
 *
 * @param note signed by the log, durable and never to be taken back: a witness signs no other after it
 * @throws MalformedError when the note is no signed checkpoint
 */
export async function collectCosignatures(
  note: Uint8Array,
  witnesses: Witness[],
  options: CollectOptions,
): Promise<NoteSignature[]> {
  const { text } = parseNote(note)
  const { size } = parseCheckpoint(text)
  const prove = once((from: number) => options.proveConsistency(from, size))
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), options.deadlineMs)
  try {
    const answers = witnesses.map(async (witness) => {
      const { signal } = deadline
      const ask = askWitness({ note, text, size, prove, ...options }, witness, signal)
      const answer = await Promise.race([ask, untilAborted(signal)])
      if (answer.ok) return [answer.signature]
      options.onProblem(witness.key.name, answer.why)
      return []
    })
    return (await Promise.all(answers)).flat()
  } finally {
    clearTimeout(timer)
    // Nothing goes on behind the caller's back.
    deadline.abort()
  }
}

function untilAborted(signal: AbortSignal): Promise<{ ok: false; why: string }> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve({ ok: false, why: 'did not answer in time' }))
  })
}

/** Witnesses mostly have the same size: one proof serves them all. */
function once<T>(make: (from: number) => Promise<T>): (from: number) => Promise<T> {
  const made = new Map<number, Promise<T>>()
  return (from) => {
    const known = made.get(from) ?? make(from)
    made.set(from, known)
    return known
  }
}
