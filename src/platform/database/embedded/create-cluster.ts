import { chown, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Account } from './choose-account.ts'
import type { Binaries } from './choose-binaries.ts'
import { absent, EmbeddedPostgresError } from './embedded-error.ts'
import { run } from './run-as.ts'
import { makeScratch, sweepScratch } from './scratch-folder.ts'
import { faultLine } from './server-log.ts'
import { SUPERUSER } from './server-url.ts'
import { writeClosed } from './superuser-password.ts'

const INITDB = [
  ...['--username', SUPERUSER, '--auth', 'scram-sha-256', '--encoding', 'UTF8'],
  // The C locale of the operating system for messages, PostgreSQL's own Unicode rules for text:
  // neither changes when the operating system is upgraded, so no index ever needs rebuilding.
  ...['--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
  // For a small server, in postgresql.conf, where the operator may change them. Durability
  // (fsync, synchronous_commit, full_page_writes) stays as PostgreSQL has it: on.
  ...['--set', 'shared_buffers=128MB', '--set', 'max_connections=100'],
  ...['--set', 'random_page_cost=1.1', '--set', 'timezone=UTC', '--set', 'log_timezone=UTC'],
  '--no-instructions',
]

/**
 * Makes a new cluster at `target`. It is made in a scratch folder and renamed when it is complete
 * and on the disk: killed at any line, this leaves either no cluster or a whole one.
 */
export async function createCluster(
  target: string,
  password: string,
  account: Account | null,
  binaries: Binaries,
): Promise<void> {
  await sweepScratch(target)
  const scratch = await makeScratch(target)
  try {
    if (account) await chown(scratch, account.uid, account.gid)
    const [data, passwordFile] = [join(scratch, 'data'), join(scratch, 'password')]
    await writeClosed(passwordFile, password, account)
    const options = [...INITDB, '--pwfile', passwordFile, '--pgdata', data]
    const { code, output } = await run(account, binaries.initdb, options)
    if (code !== 0) throw couldNotCreate(target, output)
    await rm(passwordFile)
    await rename(data, target)
    await syncFolder(dirname(target))
  } catch (error) {
    // Another start may have been quicker; its cluster has the same password.
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

/** Without this, a power cut could take back the rename and with it everything written since. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return // folders cannot be opened there
  const folder = await open(path)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
