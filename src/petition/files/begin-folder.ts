import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { languages as siteLanguages } from '../../platform/i18n/translate.ts'
import { LANGUAGE, SLUG, SLUG_MAX } from './petition-files.schema.ts'
import { PetitionFilesError } from './petition-files.ts'
import { settingsTemplate, textTemplate } from './write-template.ts'

export interface Begun {
  slug: string
  /** Those of its languages that the site doesn't speak: each has its file, and waits. */
  unspoken: string[]
}

/**
 * A new folder to write a petition in: an empty template that explains itself, which can't be published
 * before its placeholders are gone.
 *
 * @param languages the first is the default
 * @throws PetitionFilesError when the folder is there already, its name makes no address, or a language is none
 */
export async function beginFolder(folder: string, languages: string[]): Promise<Begun> {
  const slug = basename(resolve(folder))
  if (!SLUG.test(slug) || slug.length > SLUG_MAX) {
    throw new PetitionFilesError(
      `"${slug}" can't be a petition's address, which a new folder's name becomes: use lower-case letters, digits and single hyphens, at most ${SLUG_MAX} in all`,
    )
  }
  const wanted = [...new Set(languages)]
  const wrong = wanted.find((language) => !LANGUAGE.test(language) || !nameOf(language))
  if (wrong !== undefined || wanted.length === 0) {
    throw new PetitionFilesError(
      `--languages has "${wrong ?? ''}", which is no language: give codes such as en,fr, the petition's default first`,
    )
  }
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EEXIST' ? 'is already there' : `can't be made (${error.code})`
    throw new PetitionFilesError(`${folder} ${why}: name a new folder in one that is there`)
  })
  const spoken = wanted.filter((language) => siteLanguages.includes(language))
  const unspoken = wanted.filter((language) => !spoken.includes(language))
  // With none that the site speaks there is nothing else to list: publishing says what is missing.
  const listed = spoken.length > 0 ? spoken : wanted
  await writeFile(join(folder, 'petition.yaml'), settingsTemplate(slug, listed, unspoken))
  for (const language of wanted) {
    await writeFile(join(folder, `${language}.md`), textTemplate(language, nameOf(language)!))
  }
  return { slug, unspoken }
}

const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })

/** In English; undefined for what is no language. */
const nameOf = (language: string) => names.of(language)
