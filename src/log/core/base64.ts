import { MalformedError } from './malformed.ts'

/** String.fromCharCode takes its bytes as arguments, of which engines allow only so many. */
const CHUNK_BYTES = 8192

/** Standard base64 with padding (RFC 4648, section 4), as all C2SP formats use it. */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK_BYTES))
  }
  return btoa(binary)
}

/**
 * Decoders forgive white space, missing padding and stray last bits; here a value has one spelling,
 * so that two texts that differ never mean the same.
 *
 * @throws MalformedError
 */
export function decodeBase64(text: string): Uint8Array {
  const binary = decodeLeniently(text)
  if (binary === null || btoa(binary) !== text) {
    throw new MalformedError('base64', 'not the canonical spelling')
  }
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

function decodeLeniently(text: string): string | null {
  try {
    return atob(text)
  } catch {
    return null
  }
}
