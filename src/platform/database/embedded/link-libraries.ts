import { lstat, readFile, symlink } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { absent } from './embedded-error.ts'

/**
 * npm packages cannot hold symbolic links, so the package lists its libraries' links in a file and
 * makes them after installation. Where npm runs no scripts nobody has made them: we do.
 *
 * @returns false when the folder cannot be written, so that a copy is needed
 */
export async function linkLibraries(packageFolder: string): Promise<boolean> {
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
