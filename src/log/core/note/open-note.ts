import { attempt, encodeUtf8, MalformedError } from '../canonical.ts'
import { cosignedMessage, parseCosignature } from './cosignature.ts'
import { type Note, type NoteSignature, parseNote } from './note.ts'
import { COSIGNATURE_V1, type NoteKey } from './note-key.ts'

/**
 * Ed25519 (RFC 8032). Node.js has it at once, a browser as a promise or from a library: hence an
 * argument. False, not an error, for a signature or a key of the wrong form.
 */
export type VerifyEd25519 = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean | Promise<boolean>

export interface Signed {
  key: NoteKey
  /** Of a cosignature: when the witness signed, in seconds since 1970-01-01. */
  time: number | null
}

type OpenedNote =
  | { ok: true; note: Note; signed: Signed[] }
  | { ok: false; problem: 'malformed' | 'bad-signature' | 'unsigned'; detail: string }

/**
 * Verifies a note by the keys that are known (c2sp.org/signed-note). Signatures of other keys are
 * passed over; one of a known key that fails refuses the note. Every signature of a known key is
 * verified, also its second, but a key counts once, at the first.
 */
export async function openNote(
  bytes: Uint8Array,
  keys: NoteKey[],
  verify: VerifyEd25519,
): Promise<OpenedNote> {
  const note = attempt(() => parseNote(bytes))
  if (note instanceof MalformedError) {
    return { ok: false, problem: 'malformed', detail: note.message }
  }
  const signed = new Map<NoteKey, Signed>()
  for (const signature of note.signatures) {
    const key = findKey(keys, signature)
    if (!key) continue
    const found = await verifySignature(note.text, signature, key, verify)
    if (!found) return { ok: false, problem: 'bad-signature', detail: `${key.name}+${key.keyId}` }
    if (!signed.has(key)) signed.set(key, found)
  }
  return signed.size > 0
    ? { ok: true, note, signed: [...signed.values()] }
    : { ok: false, problem: 'unsigned', detail: 'no signature of a known key' }
}

function findKey(keys: NoteKey[], { name, keyId }: NoteSignature): NoteKey | undefined {
  const found = keys.filter((key) => key.name === name && key.keyId === keyId)
  // 32 bits of key ID can be made to collide, but not by accident: somebody changed the list of keys.
  if (found.length > 1) throw new Error(`two known keys are ${name}+${keyId}`)
  return found[0]
}

async function verifySignature(
  text: string,
  { signature }: NoteSignature,
  key: NoteKey,
  verify: VerifyEd25519,
): Promise<Signed | null> {
  if (key.type !== COSIGNATURE_V1) {
    const good = await verify(key.publicKey, encodeUtf8(text), signature)
    return good ? { key, time: null } : null
  }
  const cosignature = attempt(() => parseCosignature(signature))
  if (cosignature instanceof MalformedError) return null
  const message = cosignedMessage(cosignature.time, text)
  const good = await verify(key.publicKey, message, cosignature.signature)
  return good ? { key, time: cosignature.time } : null
}
