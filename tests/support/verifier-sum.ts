import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { bundleVerifier } from '../../src/offline/verify/bundle-verifier.ts'

export const VERIFYING = fileURLToPath(new URL('../../docs/verifying.md', import.meta.url))

/** SHA-256 of the verifier that these sources make. */
export async function verifierSum(): Promise<string> {
  return sumOf(await bundleVerifier())
}

export function sumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** The sum that docs/verifying.md names, and the number of its line. */
export function sumLine(text: string): { found: string; line: number; text: string } {
  const match = /\b[0-9a-f]{64}\b/.exec(text)
  if (!match) throw new Error('docs/verifying.md names no SHA-256 of the verifier any more')
  return { found: match[0], line: text.slice(0, match.index).split('\n').length, text }
}
