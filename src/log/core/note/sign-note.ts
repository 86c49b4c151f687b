import { encodeUtf8 } from '../canonical.ts'
import { cosignedMessage, formatCosignature } from './cosignature.ts'
import { formatNote, type Note, type NoteSignature } from './note.ts'
import type { NoteKey } from './note-key.ts'

export interface NoteSigner {
  key: NoteKey
  /** 64 bytes, Ed25519. */
  sign(message: Uint8Array): Uint8Array
}

/** The signed note, as bytes to publish. @throws MalformedError when the text can't be a note's. */
export function signNote(text: string, signers: NoteSigner[]): Uint8Array {
  const message = encodeUtf8(text)
  const signatures = signers.map(({ key, sign }) => ({ ...nameOf(key), signature: sign(message) }))
  return formatNote({ text, signatures })
}

/**
 * A witness's signature on a checkpoint that it has verified, and found consistent with all that it
 * signed before (c2sp.org/tlog-cosignature). The signer's key is of type COSIGNATURE_V1.
 *
 * @param time seconds since 1970-01-01
 */
export function cosign(checkpointText: string, signer: NoteSigner, time: number): NoteSignature {
  const signature = signer.sign(cosignedMessage(time, checkpointText))
  return { ...nameOf(signer.key), signature: formatCosignature({ time, signature }) }
}

/** The note with further signatures; one by the same key replaces the older. */
export function addSignatures(note: Note, added: NoteSignature[]): Note {
  const isNew = ({ name, keyId }: NoteSignature) =>
    added.some((other) => other.name === name && other.keyId === keyId)
  return { ...note, signatures: [...note.signatures.filter((old) => !isNew(old)), ...added] }
}

function nameOf({ name, keyId }: NoteKey): { name: string; keyId: string } {
  return { name, keyId }
}
