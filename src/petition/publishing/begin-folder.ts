import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { PetitionFilesError } from './petition-files.ts'
import { DEMO } from './publish-demo.ts'

const SLUG = /^(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*$/

/**
 * A new folder to begin a petition from: the demonstration's files, which explain themselves, under
 * the folder's own name, so that publishing it never changes the demonstration.
 *
 * @returns its slug
 * @throws PetitionFilesError when the folder is there already, or its name makes no address
 */
export async function beginFolder(folder: string): Promise<string> {
  const slug = basename(resolve(folder))
  if (!SLUG.test(slug)) {
    throw new PetitionFilesError(
      `"${slug}" can't be a petition's address, which a new folder's name becomes: use lower-case letters, digits and single hyphens, at most 60 in all`,
    )
  }
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EEXIST' ? 'is already there' : `can't be made (${error.code})`
    throw new PetitionFilesError(`${folder} ${why}: name a new folder in one that is there`)
  })
  for (const name of await readdir(DEMO)) {
    const text = await readFile(join(DEMO, name), 'utf8')
    await writeFile(join(folder, name), text.replace(/^slug: .*$/m, `slug: ${slug}`))
  }
  return slug
}
