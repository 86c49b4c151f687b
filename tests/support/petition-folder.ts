import assert from 'node:assert/strict'
import { cpSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from './temporary-folder.ts'

const DEMO = fileURLToPath(new URL('../../src/publishing/demo', import.meta.url))

/** A copy of the demonstration's folder, as somebody's own to edit. */
export interface PetitionFolder {
  path: string
  /** @throws when nothing of the kind stands in the file */
  change(file: string, from: RegExp, to: string): Promise<void>
}

export function copyDemo(): PetitionFolder {
  const path = temporaryFolder()
  cpSync(DEMO, path, { recursive: true })
  return {
    path,
    async change(file, from, to) {
      const text = await readFile(join(path, file), 'utf8')
      assert.match(text, from)
      await writeFile(join(path, file), text.replace(from, to))
    },
  }
}
