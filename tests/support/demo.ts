import assert from 'node:assert/strict'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readPetitionFolder } from '../../src/petition/files/petition-files.ts'
import { PetitionFilesError } from '../../src/petition/files/read-source.ts'
import type { Petition } from '../../src/petition/petition.ts'
import { languages } from '../../src/platform/i18n/translate.ts'
import { DEMO as DEMO_FOLDER } from '../../src/publishing/demo-folders.ts'
import { makePicture } from '../picture/make-picture.ts'
import type { Harness } from './harness.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** The slug of the demonstration, which every harness publishes. */
export const DEMO = 'cop29-baku'

export async function getDemo({ site }: Pick<Harness, 'site'>): Promise<Petition> {
  return (await site.petitions.find(DEMO))!
}

/** A copy of the demonstration's folder, as somebody's own to edit. */
export interface PetitionFolder {
  path: string
  /** @throws when nothing of the kind stands in the file */
  change(file: string, from: RegExp, to: string): Promise<void>
}

/**
 * In which most stories play: those of the first campaign. What happens is the same in every language; that each is
 * whole, tests/locales.test.ts and the browsers see.
 */
export const STORY_LANGUAGES: readonly string[] = ['en', 'az', 'ru', 'be']

/**
 * Without those whom it asks, thirty-five leaders whom most stories don't need.
 *
 * @param languages those of the demonstration that it keeps
 */
export function copyDemo(languages = STORY_LANGUAGES): PetitionFolder {
  const path = temporaryFolder()
  cpSync(DEMO_FOLDER, path, { recursive: true })
  rmSync(join(path, 'targets.yaml'))
  const settings = join(path, 'petition.yaml')
  const line = `languages: [${languages.join(', ')}]`
  writeFileSync(settings, readFileSync(settings, 'utf8').replace(/^languages: .*$/m, line))
  for (const file of readdirSync(path)) {
    if (file.endsWith('.md') && !languages.includes(file.slice(0, -'.md'.length)))
      rmSync(join(path, file))
  }
  return {
    path,
    async change(file, from, to) {
      const text = await readFile(join(path, file), 'utf8')
      assert.match(text, from)
      await writeFile(join(path, file), text.replace(from, to))
    },
  }
}

/** In all its languages, with a picture that has a camera's grain, and a count that follows each signature. */
export async function copyDemoWithPicture(): Promise<PetitionFolder> {
  const folder = copyDemo(languages)
  const photo = await makePicture({ width: 1200, height: 675, grain: 30 })
  await writeFile(join(folder.path, 'march.jpg'), photo)
  const alt = languages.map((language) => `    ${language}: A march`).join('\n')
  await folder.change('petition.yaml', /$/, `\nimage:\n  file: march.jpg\n  alt:\n${alt}\n`)
  await folder.change('petition.yaml', /figures: guarded/, 'figures: live')
  return folder
}

/** Why a petition's folder is refused, in one line. */
export async function refusalOf(path: string): Promise<string> {
  const error: Error = await readPetitionFolder(path).then(
    () => assert.fail('the folder was taken'),
    (reason) => reason,
  )
  assert.ok(error instanceof PetitionFilesError, error.stack)
  assert.doesNotMatch(
    error.message,
    /:$|\n|\^|\\[dp]|schema|constant|undefined|mapping|scalar|YAML|token/,
    'one plain line',
  )
  return error.message
}
