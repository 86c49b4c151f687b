import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PetitionFilesError } from '../petition/files/read-source.ts'
import { readName } from './update-files.ts'

const names = new Intl.DisplayNames('en', { type: 'language' })

/**
 * Makes a new folder with one file a language, which can't be published while a placeholder is left.
 *
 * @throws PetitionFilesError when it is there already, or its name can't be an address
 */
export async function beginUpdate(folder: string, languages: readonly string[]): Promise<void> {
  readName(folder)
  await mkdir(folder).catch(({ code }: NodeJS.ErrnoException) => {
    const why = code === 'EEXIST' ? 'is already there' : `can't be made (${code})`
    throw new PetitionFilesError(`${folder} ${why}: name a new folder in one that is there`)
  })
  for (const language of languages) {
    await writeFile(join(folder, `${language}.md`), template(names.of(language) ?? language))
  }
}

// Each FILL-IN keeps the update from being published. No note may hold the word, since notes stay.
const template = (language: string) => `---
# The update in ${language}. Up to 120 characters; it is the heading of the page and of the mail.
title: "FILL-IN: what happened, in one line"
---

FILL-IN: what happened, and what comes next. Leave an empty line between paragraphs; a link is written
[like this](https://example.org). Nothing here may tell who has signed.
`
