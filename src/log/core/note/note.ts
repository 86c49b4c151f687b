import { concatBytes, encodeBase64, toHex } from '../../../platform/bytes.ts'
import { attempt, decodeUtf8, encodeUtf8, MalformedError, parseBase64 } from '../canonical.ts'
import { fromKeyId, isKeyName, KEY_ID_BYTES } from './note-key.ts'

/** c2sp.org/signed-note: a text, and signatures over it; a reader skips those whose keys it lacks. */
export interface Note {
  /** The signed text; ends in a newline. */
  text: string
  signatures: NoteSignature[]
}

export interface NoteSignature {
  name: string
  /** 8 lower-case hex digits. */
  keyId: string
  /** Without the key ID in front. */
  signature: Uint8Array
}

/** The specification asks for at least 16; a hundred is where Go's sumdb/note stops too. */
const MAX_SIGNATURES = 100
/** Room for a hundred post-quantum signatures. */
const MAX_NOTE_BYTES = 1_000_000

const SIGNATURE_LINE = /^— ([^ ]+) ([^ ]+)$/u
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are refused
const CONTROL = /[\0-\x09\x0b-\x1f]/

/** Reads a signed note without verifying it. @throws MalformedError */
export function parseNote(bytes: Uint8Array): Note {
  if (bytes.length > MAX_NOTE_BYTES) throw new MalformedError('note', 'too long')
  const whole = decodeUtf8(bytes)
  if (CONTROL.test(whole)) throw new MalformedError('note', 'a control character')
  // The last empty line: the text may hold empty lines of its own.
  const split = whole.lastIndexOf('\n\n')
  if (split < 0) throw new MalformedError('note', 'no empty line before the signatures')
  return {
    text: whole.slice(0, split + 1),
    signatures: parseSignatureLines(whole.slice(split + 2)),
  }
}

/** @throws MalformedError when parseNote couldn't read the result. */
export function formatNote(note: Note): Uint8Array {
  const lines = note.signatures.map(formatSignatureLine)
  const bytes = encodeUtf8(`${note.text}\n${lines.join('')}`)
  const again = parseNote(bytes)
  if (again.text !== note.text) throw new MalformedError('note', 'a text that ends in no newline')
  return bytes
}

/** `— <name> <base64 of key ID and signature>\n`, as witnesses answer it. */
export function formatSignatureLine({ name, keyId, signature }: NoteSignature): string {
  return `— ${name} ${encodeBase64(concatBytes(fromKeyId(keyId), signature))}\n`
}

/** The signature lines of a note, or of a witness's answer: one or more. @throws MalformedError */
export function parseSignatureLines(text: string): NoteSignature[] {
  const lines = text.split('\n')
  if (lines.pop() !== '' || lines.length === 0) throw new MalformedError('note', 'cut off')
  if (lines.length > MAX_SIGNATURES) throw new MalformedError('note', 'too many signatures')
  return lines.map(parseSignatureLine)
}

function parseSignatureLine(line: string): NoteSignature {
  const [, name, encoded] = SIGNATURE_LINE.exec(line) ?? []
  if (!name || !encoded || !isKeyName(name)) {
    throw new MalformedError('note', 'a line among the signatures is none')
  }
  const bytes = attempt(() => parseBase64(encoded))
  if (bytes instanceof MalformedError || bytes.length <= KEY_ID_BYTES) {
    throw new MalformedError('note', `the signature of ${name} is no base64 or too short`)
  }
  return {
    name,
    keyId: toHex(bytes.subarray(0, KEY_ID_BYTES)),
    signature: bytes.slice(KEY_ID_BYTES),
  }
}
