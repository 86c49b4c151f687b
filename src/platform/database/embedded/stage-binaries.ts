import {
  chmod,
  copyFile,
  mkdir,
  readdir,
  readlink,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises'
import { join } from 'node:path'
import { absent } from './embedded-error.ts'
import type { PlatformPackage } from './find-package.ts'
import { linkLibraries } from './link-libraries.ts'
import { makeScratch, sweepScratch } from './scratch-folder.ts'

/**
 * Copies a package's binaries to where every user can run them, once for each version. The copy is
 * made beside its place and renamed, so a start never sees half of another's.
 *
 * @returns the copy's folder, laid out like the package's
 */
export async function stageBinaries(source: PlatformPackage, folder: string): Promise<string> {
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
