import { hkdfSync } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { signerFromSeed } from '../log/core/note/node-ed25519.ts'
import { ED25519, formatVkey } from '../log/core/note/note-key.ts'
import { makeFolder, prepareDataDir } from '../platform/data-dir.ts'
import { createFile } from '../platform/files/write-whole.ts'
import { parseSecret } from '../platform/keyring.ts'
import {
  BackupError,
  type Manifest,
  SECRETS,
  type SecretName,
  type Secrets,
} from './backup-format.ts'

export interface SecretSettings {
  dataDir: string
  production: boolean
  secretKey: string | null
  logKey: string | null
}

/** Their names under DATA_DIR/secrets. */
const FILES: Record<SecretName, string> = {
  'secret-key': 'server-key',
  'log-key': 'log-key',
  'demo-organisers-key.txt': 'demo-organisers-key.txt',
}

/** The secrets of this machine: from the settings, else the files that a start has made. */
export async function findSecrets(config: SecretSettings): Promise<Secrets> {
  const secrets: Secrets = {}
  for (const name of SECRETS) {
    const text = given(config)[name] ?? (await findFile(config, name))
    if (text !== null) secrets[name] = `${text.trim()}\n`
  }
  return secrets
}

const given = ({
  secretKey,
  logKey,
}: SecretSettings): Partial<Record<SecretName, string | null>> => ({
  'secret-key': secretKey,
  'log-key': logKey,
})

const fileOf = ({ dataDir }: { dataDir: string }, name: SecretName) =>
  join(dataDir, 'secrets', FILES[name])

async function findFile(config: SecretSettings, name: SecretName): Promise<string | null> {
  return readFile(fileOf(config, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw new BackupError(
      `${fileOf(config, name)} can't be read (${error.code}): check its owner and mode`,
    )
  })
}

/** Sixteen bytes that follow from the key and that no key follows from. */
export function checkOfKey(secretKey: string): string {
  const secret = parseSecret(secretKey, 'SECRET_KEY')
  return Buffer.from(hkdfSync('sha256', secret, '', 'undersigned/backup-check/v1', 16)).toString(
    'hex',
  )
}

/**
 * Refuses, before anything is changed, a machine whose keys are not the backup's.
 *
 * @param kept the backup's secrets
 * @throws BackupError
 */
export async function checkSecrets(
  config: SecretSettings,
  { manifest, kept }: { manifest: Manifest; kept: Secrets },
): Promise<void> {
  const own = await findSecrets(config)
  const secretKey = own['secret-key'] ?? kept['secret-key']
  const logKey = own['log-key'] ?? (config.production ? undefined : kept['log-key'])
  if (secretKey === undefined) throw lacks('SECRET_KEY')
  if (checkOfKey(secretKey) !== manifest.keyCheck) {
    throw new BackupError(
      `SECRET_KEY ${own['secret-key'] ? 'of this machine' : 'in it'} is not the one that the backup's site had, and could read nothing of it: give that one; "undersigned backup secrets" writes those of a backup into files`,
    )
  }
  if (!manifest.log) return
  if (logKey === undefined) throw lacks('LOG_KEY')
  const { origin, vkey } = manifest.log
  const signer = signerFromSeed(origin, ED25519, parseSecret(logKey, 'LOG_KEY'))
  if (formatVkey(signer.key) === vkey) return
  throw new BackupError(
    `LOG_KEY is not the key of the backup's log, ${vkey}: give that one; "undersigned backup secrets" writes those of a backup into files`,
  )
}

const lacks = (setting: string) =>
  new BackupError(
    `${setting} is not set: the restored site needs the one it had; "undersigned backup secrets" writes those of a backup into files, else get it from where you keep it`,
  )

/** Puts the backup's secrets where a start would make new ones; those that are given or there stay. */
export async function keepSecrets(config: SecretSettings, kept: Secrets): Promise<void> {
  if (config.production) return
  const own = await findSecrets(config)
  for (const name of SECRETS) {
    const text = kept[name]
    if (text === undefined || own[name] !== undefined) continue
    await prepareDataDir(config.dataDir)
    await makeFolder(dirname(fileOf(config, name)), 0o700)
    await createFile(fileOf(config, name), text, { mode: 0o600 })
  }
}

/** Writes each into a file of that name, which must not be there. @returns the paths */
export async function writeSecrets(secrets: Secrets, folder: string): Promise<string[]> {
  const written: string[] = []
  await makeFolder(folder, 0o700)
  for (const name of SECRETS) {
    const text = secrets[name]
    if (text === undefined) continue
    await createFile(join(folder, name), text, { mode: 0o600 })
    written.push(join(folder, name))
  }
  return written
}
