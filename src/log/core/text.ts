import { MalformedError } from './malformed.ts'

const encoder = new TextEncoder()
/** A byte order mark is text like any other: dropping it would make two files read the same. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const HALF_A_CHARACTER = /\p{Surrogate}/u

/** @throws MalformedError when the string holds half a surrogate pair, which UTF-8 can't say. */
export function encodeText(text: string): Uint8Array {
  if (HALF_A_CHARACTER.test(text)) throw new MalformedError('text', 'half a character')
  return encoder.encode(text)
}

/** @throws MalformedError when the bytes aren't UTF-8. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new MalformedError('text', 'not UTF-8')
  }
}
