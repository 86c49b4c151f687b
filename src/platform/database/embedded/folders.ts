import { randomBytes } from 'node:crypto'
import { chmod, chown, lchown, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type Account, run } from './account.ts'
import { EmbeddedPostgresError } from './errors.ts'
import { isAlive, ourselves, parseOwner } from './processes.ts'

/**
 * A new folder beside `target`, closed to others, in which `target` is prepared and then renamed. Its
 * name, `<target>.new-<pid>.<started>-<random>`, tells which process made it.
 */
export async function makeScratch(target: string): Promise<string> {
  const scratch = `${target}.new-${await ourselves()}-${randomBytes(4).toString('hex')}`
  await mkdir(scratch, { mode: 0o700 })
  return scratch
}

/** Removes scratch folders of starts that were killed; those of living processes stay. */
export async function sweepScratch(target: string): Promise<void> {
  const prefix = `${basename(target)}.new-`
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(prefix)) continue
    const maker = parseOwner(name.slice(prefix.length, name.lastIndexOf('-')))
    if (maker && (await isAlive(maker))) continue
    await rm(join(dirname(target), name), { recursive: true, force: true, maxRetries: 3 })
  }
}

/**
 * A folder that root owns, everyone can pass through and nobody else can write; made when it is not
 * there. One that others can write is refused: its files will be run or trusted.
 */
export async function systemFolder(path: string): Promise<string> {
  const made = await mkdir(path, { recursive: true })
  if (made) await chmod(path, 0o755) // whatever the umask; only the folder that we made
  const { uid, mode } = await stat(path)
  if (uid !== 0 || mode & 0o022) {
    throw new EmbeddedPostgresError(
      `${path} must belong to root and be writable by nobody else; correct that, or set DATA_DIR ` +
        'to a folder that every user can enter',
    )
  }
  return path
}

// Access is tried, as the account: modes alone say nothing of access lists, mount options and
// file systems that only pretend to change an owner.

/** Whether PostgreSQL, as the account, can keep its data in a new folder in `folder`. */
export async function canOwnFolderIn(folder: string, account: Account): Promise<boolean> {
  const scratch = await makeScratch(join(folder, 'postgres'))
  try {
    await chown(scratch, account.uid, account.gid).catch(() => {}) // network drives refuse
    const { uid, mode } = await stat(scratch)
    const kept = uid === account.uid && (mode & 0o777) === 0o700
    return kept && (await shell(account, 'cd "$1" && : >probe', scratch))
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

export function canEnter(folder: string, account: Account): Promise<boolean> {
  return shell(account, 'cd "$1"', folder)
}

/**
 * A data folder that root restored from a backup belongs to root and is open to others; PostgreSQL
 * refuses both. The folder itself changes its owner last, so an interrupted change is done again.
 */
export async function adoptFolder(folder: string, account: Account): Promise<void> {
  const { uid, mode } = await stat(folder)
  if (uid === 0) {
    for (const entry of await readdir(folder, { recursive: true })) {
      await lchown(join(folder, entry), account.uid, account.gid)
    }
    await chown(folder, account.uid, account.gid)
  }
  if (mode & 0o077) await chmod(folder, 0o700)
}

async function shell(account: Account, script: string, path: string): Promise<boolean> {
  return (await run(account, '/bin/sh', ['-c', script, 'sh', path])).code === 0
}
