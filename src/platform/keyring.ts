import { hkdfSync, randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const KEY_BYTES = 32

/** Keys derived from one server secret, which lies outside the database. All are 32 bytes. */
export interface Keyring {
  /** AES-256-GCM key for details and addresses that must be readable again. */
  details: Buffer
  /** HMAC key for the tokens in mailed links. */
  tokens: Buffer
  /** HMAC key for personal share codes. */
  sharing: Buffer
  /** Wraps each petition's own tag key. */
  tagKeys: Buffer
}

export class KeyringError extends Error {}

/** HKDF-SHA256 (RFC 5869), one label a purpose: a key that leaks opens nothing else. */
export function deriveKeyring(secret: Buffer): Keyring {
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', secret, '', `undersigned/${purpose}/v1`, KEY_BYTES))
  return {
    details: derive('details'),
    tokens: derive('tokens'),
    sharing: derive('sharing'),
    tagKeys: derive('tag-keys'),
  }
}

/** @throws KeyringError when SECRET_KEY isn't 32 bytes of base64. */
export function parseSecret(text: string): Buffer {
  const secret = Buffer.from(text.trim(), 'base64')
  if (secret.length !== KEY_BYTES) {
    throw new KeyringError(
      `SECRET_KEY holds ${secret.length} bytes, not ${KEY_BYTES}: make one with "openssl rand -base64 32"`,
    )
  }
  return secret
}

/** Reads DATA_DIR/secrets/server-key, and makes it on the first start. */
export async function loadOrCreateSecret(dataDir: string): Promise<Buffer> {
  const folder = join(dataDir, 'secrets')
  const file = join(folder, 'server-key')
  const known = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw new KeyringError(`${file} can't be read (${error.code}): check its owner and mode`)
  })
  if (known !== null) return parseSecret(known)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const secret = randomBytes(KEY_BYTES)
  // Written whole, then renamed: a crash leaves either no key or all of it.
  const draft = `${file}.${process.pid}`
  await writeFile(draft, `${secret.toString('base64')}\n`, { mode: 0o600 })
  await rename(draft, file)
  return secret
}
