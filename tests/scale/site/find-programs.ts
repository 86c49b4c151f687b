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
  const nginx = findProgram('nginx')
  const pgbouncer = findProgram('pgbouncer')
  const folders = [...debianFolders(), ...pathFolders()]
  const postgres = find(folders, 'pg_basebackup', 'postgres', 'initdb')
  if (nginx && pgbouncer && postgres) return { nginx, pgbouncer, postgres }
  const missing = []
  if (!nginx) missing.push('nginx')
  if (!pgbouncer) missing.push('pgbouncer')
  if (!postgres) missing.push('postgresql-15')
  return { missing }
}

/** What a primary that is replaced by itself needs besides. */
export interface ClusterPrograms extends Programs {
  etcd: string
  patroni: string
  haproxy: string
}

/** @returns what Debian packages are missing instead, when some are */
export function findClusterPrograms(): ClusterPrograms | { missing: string[] } {
  const programs = findPrograms()
  const etcd = findProgram('etcd')
  const patroni = findProgram('patroni')
  const haproxy = findProgram('haproxy')
  if (!('missing' in programs) && etcd && patroni && haproxy) {
    return { ...programs, etcd, patroni, haproxy }
  }
  const missing = 'missing' in programs ? programs.missing : []
  if (!etcd) missing.push('etcd-server')
  if (!patroni) missing.push('patroni', 'python3-etcd')
  if (!haproxy) missing.push('haproxy')
  return { missing }
}

/** Where it lies; null where it isn't installed. */
export function findProgram(name: string): string | null {
  const folder = find(pathFolders(), name)
  return folder === undefined ? null : join(folder, name)
}

const pathFolders = () => [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']

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
