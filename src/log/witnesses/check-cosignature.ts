import { attempt, MalformedError } from '../core/canonical.ts'
import { cosignedMessage, parseCosignature } from '../core/note/cosignature.ts'
import { verifyEd25519 } from '../core/note/node-ed25519.ts'
import type { NoteSignature } from '../core/note/note.ts'
import type { NoteKey } from '../core/note/note-key.ts'

/** When the witness signed this text, in seconds since 1970-01-01; null when it didn't. */
export function checkCosignature(
  text: string,
  { signature }: NoteSignature,
  { publicKey }: NoteKey,
): number | null {
  const cosignature = attempt(() => parseCosignature(signature))
  if (cosignature instanceof MalformedError) return null
  const { time } = cosignature
  return verifyEd25519(publicKey, cosignedMessage(time, text), cosignature.signature) ? time : null
}
