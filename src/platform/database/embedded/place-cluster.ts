import { createHash } from 'node:crypto'
import {
  chown,
  lstat,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { syncFolder } from '../../files/write-whole.ts'
import { type Account, run } from './account.ts'
import type { Binaries } from './choose-binaries.ts'
import { absent, EmbeddedPostgresError, faultLine } from './errors.ts'
import {
  adoptFolder,
  canEnter,
  canOwnFolderIn,
  makeScratch,
  sweepScratch,
  systemFolder,
} from './folders.ts'
import { keepPassword, SUPERUSER } from './superuser.ts'

const STATE = '/var/lib/undersigned' // survives reboots, unlike /tmp and /run
const INITDB = [
  ...['--username', SUPERUSER, '--auth', 'scram-sha-256', '--encoding', 'UTF8'],
  // The C locale of the operating system for messages, PostgreSQL's own Unicode rules for text:
  // neither changes with an upgrade of the operating system, so no index ever needs rebuilding.
  ...['--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
  // For a small server, in postgresql.conf, where the operator may change them. Durability
  // (fsync, synchronous_commit, full_page_writes) stays as PostgreSQL has it: on.
  ...['--set', 'shared_buffers=128MB', '--set', 'max_connections=100'],
  ...['--set', 'random_page_cost=1.1', '--set', 'timezone=UTC', '--set', 'log_timezone=UTC'],
  '--no-instructions',
]

export interface Cluster {
  /** The real path of the data folder. */
  data: string
  /** Why it lies elsewhere than in DATA_DIR; null when it does not. */
  stagedBecause: string | null
}

/**
 * Finds the cluster of DATA_DIR, or makes it. It is DATA_DIR/postgres, or that is a link to it: where
 * the account cannot enter DATA_DIR, the data lies in a system folder.
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

/** Refuses to make a new cluster over other files, or where a linked one has been lost. */
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

/**
 * Links `home`, DATA_DIR/postgres, to a system folder, where the data will lie. The link comes first: the
 * start after one that was killed here finds a link to nothing and makes the data.
 */
async function stageCluster(home: string): Promise<void> {
  const name = createHash('sha256').update(dirname(home)).digest('hex').slice(0, 16)
  const folder = await systemFolder(join(await systemFolder(STATE), name))
  const data = join(folder, 'postgres')
  try {
    await symlink(data, home)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return // another start was quicker
    throw error
  }
  // Data without a link is of a former DATA_DIR with this path, which was deleted. The operator expects
  // an empty database, yet may have meant to keep the data.
  if (!(await stat(data).catch(absent))) return
  await rename(data, `${data}.set-aside-${(await stat(data)).mtime.toISOString()}`)
}

/**
 * Makes a new cluster at `target`: in a scratch folder, renamed when it is complete and on the disk.
 * A crash at any line leaves either no cluster or a whole one.
 */
async function createCluster(
  target: string,
  password: string,
  account: Account | null,
  binaries: Binaries,
): Promise<void> {
  await sweepScratch(target)
  const scratch = await makeScratch(target)
  try {
    const [data, passwordFile] = [join(scratch, 'data'), join(scratch, 'password')]
    await writeFile(passwordFile, password, { mode: 0o600 })
    // The folder last: until then only root can put anything in it.
    for (const path of account ? [passwordFile, scratch] : []) {
      await chown(path, account!.uid, account!.gid)
    }
    const options = [...INITDB, '--pwfile', passwordFile, '--pgdata', data]
    const { code, output } = await run(account, binaries.initdb, options)
    if (code !== 0) throw couldNotCreate(target, output)
    await rm(passwordFile)
    await rename(data, target)
    await syncFolder(dirname(target))
  } catch (error) {
    // Another start may have been quicker: its cluster has the same password.
    if (!(await stat(join(target, 'PG_VERSION')).catch(absent))) throw error
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

function couldNotCreate(target: string, output: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `the database could not be created in ${target} (${faultLine(output)}); ` +
      'make room and start again, or set DATA_DIR to another folder',
  )
}
