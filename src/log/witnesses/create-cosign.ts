import type { FastifyBaseLogger } from 'fastify'
import type { Db } from '../../database.ts'
import type { Clock } from '../../platform/clock.ts'
import { SECOND } from '../../platform/clock.ts'
import { formatNote, type NoteSignature, parseNote } from '../core/note/note.ts'
import { addSignatures } from '../core/note/sign-note.ts'
import { proveConsistency } from '../core/tree/prove-consistency.ts'
import { createGetTile } from '../store/read-log.ts'
import { collectCosignatures } from './collect-cosignatures.ts'
import type { Witness } from './parse-witnesses.ts'

/** The log does not wait longer than this for its witnesses; the late are asked again with the next batch. */
const DEADLINE_MS = 5 * SECOND

/** Adds the cosignatures that a signed checkpoint lacks, as many as come in time. */
export function createCosign(
  db: Db,
  { clock, log }: { clock: Clock; log: FastifyBaseLogger },
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
        log.warn({ witness, why }, 'a witness has not cosigned the checkpoint'),
    })
    return added.length === 0 ? note : formatNote(addSignatures(parsed, added))
  }
}

const isBy = (key: { name: string; keyId: string }) => (signature: NoteSignature) =>
  signature.name === key.name && signature.keyId === key.keyId
