import { encodeUtf8 } from '../../log/core/canonical.ts'
import { formatNote, type Note, parseNote } from '../../log/core/note/note.ts'
import { addSignatures, cosign } from '../../log/core/note/sign-note.ts'
import { toHex } from '../../platform/bytes.ts'
import { sha256 } from '../../platform/sha256.ts'
import type { Cosigning } from './add-checkpoint.ts'

/** What was cosigned last of each log, by origin, with the cosignature. */
export type Cosigned = Map<string, Note>

/**
 * For monitors of a log, who compare what its witnesses saw (c2sp.org/tlog-witness, "Monitor Retrieval
 * Mechanism"). The state keeps no cosignature: after a start the same checkpoint is signed anew, since it
 * is still the largest that was seen.
 *
 * @param originHash SHA-256 of the log's origin, in lower-case hex
 * @returns null for a log that isn't watched, or was never cosigned
 */
export function showCosigned(
  { signer, file, watched, clock, cosigned }: Cosigning,
  originHash: string,
): Uint8Array | null {
  const log = file
    .state()
    .logs.filter(({ origin }) => watched.has(origin))
    .find(({ origin }) => toHex(sha256(encodeUtf8(origin))) === originHash)
  if (!log?.checkpoint) return null
  const known = cosigned?.get(log.origin)
  if (known) return formatNote(known)
  const note = parseNote(encodeUtf8(log.checkpoint))
  const seconds = Math.floor(clock.now().getTime() / 1000)
  const made = addSignatures(note, [cosign(note.text, signer, seconds)])
  cosigned?.set(log.origin, made)
  return formatNote(made)
}
