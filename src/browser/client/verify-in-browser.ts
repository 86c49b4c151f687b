const SIGNATURE_BYTES = 64

/**
 * Ed25519 (RFC 8032) by the browser itself; where it has none, as over plain HTTP from an onion address,
 * by a library that is loaded only then.
 */
export async function verifyInBrowser(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (signature.length !== SIGNATURE_BYTES) return false
  const key = await importKey(publicKey)
  if (key) return crypto.subtle.verify('Ed25519', key, copy(signature), copy(message))
  const { ed25519 } = await import('@noble/curves/ed25519.js')
  try {
    return ed25519.verify(signature, message, publicKey)
  } catch {
    return false
  }
}

async function importKey(publicKey: Uint8Array): Promise<CryptoKey | null> {
  if (!globalThis.crypto?.subtle) return null
  return crypto.subtle
    .importKey('raw', copy(publicKey), { name: 'Ed25519' }, false, ['verify'])
    .catch(() => null)
}

/** WebCrypto's types want bytes in a buffer of their own. */
const copy = (bytes: Uint8Array) => new Uint8Array(bytes)
