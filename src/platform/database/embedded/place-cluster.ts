import { lstat, readdir, readFile, readlink, realpath, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { adoptFolder, canEnter, canOwnFolderIn } from './account-access.ts'
import type { Account } from './choose-account.ts'
import type { Binaries } from './choose-binaries.ts'
import { createCluster } from './create-cluster.ts'
import { absent, EmbeddedPostgresError } from './embedded-error.ts'
import { sweepScratch } from './scratch-folder.ts'
import { stageCluster } from './stage-cluster.ts'
import { keepPassword } from './superuser-password.ts'

export interface Cluster {
  /** The real path of the data folder. */
  data: string
  /** Why it lies elsewhere than in DATA_DIR; null when it does not. */
  stagedBecause: string | null
}

/**
 * Finds the cluster of DATA_DIR, or makes it. It is DATA_DIR/postgres, or what that links to: where
 * the account cannot enter DATA_DIR, the data lies in a system folder and a link leads there.
 */
export async function placeCluster(
  dataDir: string,
  account: Account | null,
  binaries: Binaries,
): Promise<Cluster> {
  const home = join(dataDir, 'postgres')
  const password = await keepPassword(dataDir)
  const here = await lstat(home).catch(absent)
  if (!here && account && !(await canOwnFolderIn(dataDir, account))) {
    await stageCluster(home)
    return placeCluster(dataDir, account, binaries)
  }
  const linked = here?.isSymbolicLink() ?? false
  const data = linked ? resolve(dataDir, await readlink(home)) : home
  const version = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(absent)
  if (version) {
    checkVersion(data, version.trim(), binaries.majorVersion)
    await checkAccess(data, account)
    await sweepScratch(data)
  } else {
    await checkRoom(home, data)
    await createCluster(data, password, account, binaries)
  }
  const staged = linked && account
  return {
    data: await realpath(data),
    stagedBecause: staged
      ? `started by root, PostgreSQL runs as user ${account.name}, to whom ${dataDir} is closed`
      : null,
  }
}

function checkVersion(data: string, found: string, ours: string): void {
  if (found === ours) return
  throw new EmbeddedPostgresError(
    `${data} was made by PostgreSQL ${found} and this is PostgreSQL ${ours}; dump it with ` +
      `PostgreSQL ${found} and restore it into a new DATA_DIR, or set DATABASE_URL`,
  )
}

async function checkAccess(data: string, account: Account | null): Promise<void> {
  if (!account) return
  await adoptFolder(data, account)
  if (await canEnter(data, account)) return
  throw new EmbeddedPostgresError(
    `user ${account.name}, who owns the database in ${data}, can no longer enter that folder; ` +
      'let everyone pass through the folders above it (chmod o+x), or set DATA_DIR',
  )
}

/** Refuses to make a new cluster over something else, or where a linked one has been lost. */
async function checkRoom(home: string, data: string): Promise<void> {
  if (data !== home && !(await stat(dirname(data)).catch(absent))) {
    throw new EmbeddedPostgresError(
      `the database that ${home} links to, ${data}, is gone; restore it from a backup, or remove ` +
        'the link to begin with an empty database',
    )
  }
  const content = await readdir(data).catch(absent)
  if (!content?.length) return
  throw new EmbeddedPostgresError(
    `${data} is not empty and holds no PostgreSQL data; move it away, or set DATA_DIR`,
  )
}
