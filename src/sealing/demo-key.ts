import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createFile } from '../platform/files/write-whole.ts'
import { formatIdentity, formatKeyFile, formatRecipient, parseIdentity } from './age/recipient.ts'
import { generatePrivateKey, publicKeyOf } from './age/x25519.ts'

/** Under DATA_DIR. The name says what the file is. */
const FILE = join('secrets', 'demo-organisers-key.txt')

export const demoKeyFile = (dataDir: string) => join(dataDir, FILE)

/**
 * The recipient of the demonstration, made on its first start: its identity lies on this very server, which
 * sealing otherwise prevents. Only for trying things out; production never gets here.
 */
export async function loadOrCreateDemoRecipient(dataDir: string, now: Date): Promise<string> {
  const file = demoKeyFile(dataDir)
  const known = await readDemoRecipient(dataDir)
  if (known) return known
  const { raw, publicKey } = generatePrivateKey()
  const text = formatKeyFile({
    identity: formatIdentity(raw),
    recipient: formatRecipient(publicKey),
    created: now,
  })
  await mkdir(join(dataDir, 'secrets'), { recursive: true, mode: 0o700 })
  await createFile(file, text, { mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    // Of two nodes that start at once one makes the file; both then read the same key.
    if (error.code !== 'EEXIST') throw error
  })
  return (await readDemoRecipient(dataDir))!
}

/** Null where no demonstration key was ever made. */
async function readDemoRecipient(dataDir: string): Promise<string | null> {
  const text = await readFile(demoKeyFile(dataDir), 'utf8').catch(() => null)
  const raw = text
    ?.split(/\r?\n/)
    .map(parseIdentity)
    .find((key) => key !== null)
  return raw ? formatRecipient(publicKeyOf(raw)) : null
}
