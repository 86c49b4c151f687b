import { chmod, chown, lchown, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Account } from './choose-account.ts'
import { run } from './run-as.ts'
import { makeScratch } from './scratch-folder.ts'

// Asked by trying, as the account: modes alone say nothing of access lists, mount options and
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
 * Root's copies of a data folder, restored from a backup, are root's and open; PostgreSQL refuses
 * both. The folder itself changes its owner last, so an interrupted change is done again.
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
