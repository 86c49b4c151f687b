import { sha256 as portableSha256 } from '@noble/hashes/sha2.js'

const DIGEST_BYTES = 32

/**
 * SHA-256, synchronous everywhere: a log of a million entries is two million small hashes, and
 * WebCrypto answers each with a promise. Node.js has it natively; a browser takes the portable one.
 * Asking the process for node:crypto instead of importing it lets the same file be bundled for both,
 * with nothing to configure or to swap.
 */
export const sha256: (bytes: Uint8Array) => Uint8Array = nativeSha256() ?? portableSha256

interface NodeProcess {
  getBuiltinModule?(name: 'node:crypto'): {
    hash?(algorithm: string, data: Uint8Array, encoding: 'latin1'): string
  }
}

/**
 * A digest as a string of bytes, copied into a small array, comes three times as fast (Node.js 20) as
 * one in a Buffer or from createHash: memory for those lies outside the heap, a call for each.
 */
function nativeSha256(): ((bytes: Uint8Array) => Uint8Array) | null {
  const { process } = globalThis as { process?: NodeProcess }
  const hash = process?.getBuiltinModule?.('node:crypto')?.hash
  if (!hash) return null
  return (bytes) => {
    const text = hash('sha256', bytes, 'latin1')
    const digest = new Uint8Array(DIGEST_BYTES)
    for (let at = 0; at < DIGEST_BYTES; at++) digest[at] = text.charCodeAt(at)
    return digest
  }
}
