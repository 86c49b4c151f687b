import { randomBytes } from 'node:crypto'
import { chmod, link, open, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../../data-dir.ts'
import { absent } from './embedded-error.ts'

const PASSWORD_BYTES = 32

/** The superuser's password in DATA_DIR/secrets/postgres, or null before the first start. */
export async function findPassword(dataDir: string): Promise<string | null> {
  const text = await readFile(join(dataDir, 'secrets/postgres'), 'utf8').catch(absent)
  return text?.trim() || null
}

/** Makes the password when there is none. Two starts at once get the same one. */
export async function keepPassword(dataDir: string): Promise<string> {
  const secrets = join(dataDir, 'secrets')
  await makeFolder(secrets, 0o700)
  if ((await stat(secrets)).mode & 0o077) await chmod(secrets, 0o700)
  return (await findPassword(dataDir)) ?? makePassword(dataDir, join(secrets, 'postgres'))
}

async function makePassword(dataDir: string, path: string): Promise<string> {
  const password = randomBytes(PASSWORD_BYTES).toString('base64url')
  const draft = `${path}.new-${randomBytes(4).toString('hex')}`
  await writeClosed(draft, password)
  try {
    await link(draft, path) // unlike rename, never replaces another start's password
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const theirs = await findPassword(dataDir)
    if (theirs) return theirs
    await rm(path) // an empty file is no password
    return makePassword(dataDir, path)
  } finally {
    await rm(draft, { force: true })
  }
  return password
}

/** A file that nobody else could read at any moment, on the disk when this returns. */
export async function writeClosed(
  path: string,
  text: string,
  owner: { uid: number; gid: number } | null = null,
): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    if (owner) await file.chown(owner.uid, owner.gid)
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}
