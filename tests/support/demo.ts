import assert from 'node:assert/strict'
import { cpSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readPetitionFolder } from '../../src/petition/files/petition-files.ts'
import { PetitionFilesError } from '../../src/petition/files/read-source.ts'
import type { Petition } from '../../src/petition/petition.ts'
import { DEMO as DEMO_FOLDER } from '../../src/publishing/publishing.ts'
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

export function copyDemo(): PetitionFolder {
  const path = temporaryFolder()
  cpSync(DEMO_FOLDER, path, { recursive: true })
  return {
    path,
    async change(file, from, to) {
      const text = await readFile(join(path, file), 'utf8')
      assert.match(text, from)
      await writeFile(join(path, file), text.replace(from, to))
    },
  }
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
