import { join, relative } from 'node:path'
import type { Account } from './choose-account.ts'
import { EmbeddedPostgresError } from './embedded-error.ts'
import { findPackage, type PlatformPackage, type Programs } from './find-package.ts'
import { linkLibraries } from './link-libraries.ts'
import { run } from './run-as.ts'
import { stageBinaries } from './stage-binaries.ts'
import { systemFolder } from './system-folder.ts'

export interface Binaries extends Programs {
  folder: string
  /** Such as `18`. */
  majorVersion: string
  /** Why the package's own files could not be used; null when they are. */
  stagedBecause: string | null
}

const CACHE = '/var/cache/undersigned'

/** The installed package where the account can run it, else a copy that the account can run. */
export async function chooseBinaries(account: Account | null, dataDir: string): Promise<Binaries> {
  const found = await findPackage()
  const linked = await linkLibraries(found.folder)
  if (linked) {
    const trial = await tryRunning(account, found.programs.postgres)
    if (trial.majorVersion) return use(found.folder, found.programs, trial.majorVersion, null)
    if (!account || !(await tryRunning(null, found.programs.postgres)).majorVersion) {
      throw cannotRun(found.programs.postgres, trial.fault)
    }
  }
  // Not below /tmp or /var/tmp: there another user could have put programs in our copy's place.
  const copy = await stageBinaries(found, account ? await systemFolder(CACHE) : dataDir)
  const programs = moved(found, copy)
  const trial = await tryRunning(account, programs.postgres)
  if (!trial.majorVersion) throw cannotRun(programs.postgres, trial.fault)
  const why = linked
    ? `${found.folder} is closed to user ${account?.name}, as whom PostgreSQL runs`
    : `library links can't be made in ${found.folder}`
  return use(copy, programs, trial.majorVersion, `programs copied to ${copy}, since ${why}`)
}

/** `postgres --version` fails where the loader, a library or the permission to enter is missing. */
async function tryRunning(account: Account | null, postgres: string) {
  const { code, output } = await run(account, postgres, ['--version'])
  const majorVersion = code === 0 ? /\(PostgreSQL\) (\d+)/.exec(output)?.[1] : undefined
  return { majorVersion, fault: output.split('\n')[0] }
}

function cannotRun(postgres: string, fault = ''): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `the PostgreSQL binaries do not run on this system (${fault || postgres}); they need glibc on ` +
      'Linux; set DATABASE_URL to a PostgreSQL 15 or newer',
  )
}

function moved({ folder, programs }: PlatformPackage, copy: string): Programs {
  const inCopy = (program: string) => join(copy, relative(folder, program))
  return {
    postgres: inCopy(programs.postgres),
    initdb: inCopy(programs.initdb),
    pgCtl: inCopy(programs.pgCtl),
  }
}

function use(
  folder: string,
  programs: Programs,
  majorVersion: string,
  stagedBecause: string | null,
): Binaries {
  return { ...programs, folder, majorVersion, stagedBecause }
}
