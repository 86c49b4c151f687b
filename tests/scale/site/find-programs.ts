import { accessSync, constants, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export interface Programs {
  nginx: string
  pgbouncer: string
  /** Folder of PostgreSQL's server programs. */
  postgres: string
}

/** Debian keeps the server's programs of each major version apart, and outside PATH. */
const DEBIAN = '/usr/lib/postgresql'

/** @returns what Debian packages are missing instead, when some are */
export function findPrograms(): Programs | { missing: string[] } {
  const path = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
  const nginx = find(path, 'nginx')
  const pgbouncer = find(path, 'pgbouncer')
  const postgres = find([...debianFolders(), ...path], 'pg_basebackup', 'postgres', 'initdb')
  if (nginx && pgbouncer && postgres) {
    return { nginx: join(nginx, 'nginx'), pgbouncer: join(pgbouncer, 'pgbouncer'), postgres }
  }
  const missing = []
  if (!nginx) missing.push('nginx')
  if (!pgbouncer) missing.push('pgbouncer')
  if (!postgres) missing.push('postgresql-15')
  return { missing }
}

/** The first folder that holds all of them. */
function find(folders: string[], ...names: string[]): string | undefined {
  return folders.find((folder) => names.every((name) => isProgram(join(folder, name))))
}

function debianFolders(): string[] {
  try {
    const versions = readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a))
    return versions.map((version) => join(DEBIAN, version, 'bin'))
  } catch {
    return []
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
