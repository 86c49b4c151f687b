import { hkdfSync, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { explainFault, makeFolder, prepareDataDir } from './data-dir.ts'
import { ExpectedError } from './expected-error.ts'
import { createFile } from './files/write-whole.ts'

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
  /** HMAC key of the answers by which organisers prove that they hold a recipient's identity. */
  challenges: Buffer
  /** HMAC key of mailboxes in the counts of mails sent. */
  mailCounts: Buffer
  /** Draws the thresholds of guarded figures. */
  figures: Buffer
  /** HMAC key by which "undersigned doctor" and a web node recognise each other. */
  examination: Buffer
  /** HMAC key of challenges and of proofs of work. */
  proofs: Buffer
  /** Encrypts where a page of public names begins. */
  placeMarks: Buffer
  /** Encrypts which name or comment a report is about. */
  reports: Buffer
  /** Half of each day's key for counts of networks, domains and addresses. */
  flows: Buffer
  /** Encrypts addresses and secrets of webhooks. */
  webhooks: Buffer
  /** HMAC key of mailboxes that were invited from another site, or refused. */
  imports: Buffer
}

export class KeyringError extends ExpectedError {}

/** HKDF-SHA256 (RFC 5869), one label a purpose: a key that leaks opens nothing else. */
export function deriveKeyring(secret: Buffer): Keyring {
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', secret, '', `undersigned/${purpose}/v1`, KEY_BYTES))
  return {
    details: derive('details'),
    tokens: derive('tokens'),
    sharing: derive('sharing'),
    tagKeys: derive('tag-keys'),
    challenges: derive('challenges'),
    mailCounts: derive('mail-counts'),
    figures: derive('figures'),
    examination: derive('examination'),
    proofs: derive('proofs'),
    placeMarks: derive('place-marks'),
    reports: derive('reports'),
    flows: derive('flows'),
    webhooks: derive('webhooks'),
    imports: derive('imports'),
  }
}

/**
 * @param name of the setting, for the message
 * @throws KeyringError when it isn't 32 bytes of base64
 */
export function parseSecret(text: string, name: 'SECRET_KEY' | 'LOG_KEY'): Buffer {
  const secret = decode(text)
  if (secret.length !== KEY_BYTES) {
    throw new KeyringError(
      `${name} holds ${secret.length} bytes, not ${KEY_BYTES}: make one with "openssl rand -base64 32"`,
    )
  }
  return secret
}

/** Node.js skips characters that aren't base64, so that a typo would make another key: it counts as no bytes. */
function decode(text: string): Buffer {
  return Buffer.from(/^[\w+/-]*={0,2}$/.test(text.trim()) ? text.trim() : '', 'base64')
}

/**
 * Reads DATA_DIR/secrets/<name>, which a start has made.
 * @throws KeyringError when it isn't there: a new key would open nothing that the old one encrypted
 */
export async function loadSecret(dataDir: string, name: 'server-key' | 'log-key'): Promise<Buffer> {
  const known = await readSecretFile(secretFile(dataDir, name))
  if (known) return known
  throw new KeyringError(
    `${secretFile(dataDir, name)} is not there, and only a start makes it: set DATA_DIR to the site's folder, or ${SETTINGS[name]} to its key`,
  )
}

const SETTINGS = { 'server-key': 'SECRET_KEY', 'log-key': 'LOG_KEY' } as const

const secretFile = (dataDir: string, name: string) => join(dataDir, 'secrets', name)

/**
 * Reads DATA_DIR/secrets/<name>, and makes it on the first start; of several at once one makes it.
 * @throws KeyringError about the key, DataDirError when there is no place for it
 */
export async function loadOrCreateSecret(
  dataDir: string,
  name: 'server-key' | 'log-key',
): Promise<Buffer> {
  await prepareDataDir(dataDir)
  const file = secretFile(dataDir, name)
  const known = await readSecretFile(file)
  if (known) return known
  try {
    await createSecretFile(file)
  } catch (error) {
    throw explainFault(error, dataDir)
  }
  return (await readSecretFile(file))!
}

async function createSecretFile(file: string): Promise<void> {
  // PostgreSQL's system user passes through DATA_DIR to its data, and may read nothing else there.
  await makeFolder(dirname(file), 0o700)
  const text = `${randomBytes(KEY_BYTES).toString('base64')}\n`
  await createFile(file, text, { mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    // Another process has just made a key and begun to use it: that one is read.
    if (error.code !== 'EEXIST') throw error
  })
}

async function readSecretFile(file: string): Promise<Buffer | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw new KeyringError(`${file} can't be read (${error.code}): check its owner and mode`)
  })
  if (text === null) return null
  const secret = decode(text)
  if (secret.length !== KEY_BYTES) {
    throw new KeyringError(
      `${file} is damaged (${secret.length} bytes, not ${KEY_BYTES}): restore it from a backup, since a new key can't read what the old one wrote`,
    )
  }
  return secret
}
