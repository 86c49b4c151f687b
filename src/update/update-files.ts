import { readdir } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { SLUG, SLUG_MAX } from '../petition/files/petition-files.schema.ts'
import { PetitionFilesError, readFields, readSource } from '../petition/files/read-source.ts'
import type { Petition } from '../petition/petition.ts'

/** One language of an update. */
export interface UpdateContent {
  title: string
  /** Markdown. */
  body: string
}

export interface UpdateFiles {
  /** The folder's, and so the address's. */
  name: string
  /** By language, in the petition's order. */
  contents: Map<string, UpdateContent>
}

/** A mail of more is cut off by mail programs. */
const BODY_MAX = 20_000
/** Are addresses beside those of updates. */
const TAKEN = ['feed']

const FrontMatter = Type.Object(
  { title: Type.String({ minLength: 1, maxLength: 120, pattern: /^[^\p{Cc}]+$/u }) },
  { additionalProperties: false },
)
const checker = Compile(FrontMatter)

/**
 * Reads one `<lang>.md` a language from an update's folder; at least the petition's default language is there, so that
 * every subscriber can be told something.
 *
 * @param draft lets the template's placeholders stand, for a preview
 * @throws PetitionFilesError
 */
export async function readUpdateFolder(
  folder: string,
  { settings }: Pick<Petition, 'settings'>,
  { draft = false } = {},
): Promise<UpdateFiles> {
  const name = readName(folder)
  const found = await listLanguages(folder)
  const foreign = found.find((language) => !settings.languages.includes(language))
  if (foreign) {
    throw new PetitionFilesError(
      `${folder} has ${foreign}.md, and the petition is not in ${foreign}: take the file out, or add the language to the petition first`,
    )
  }
  const [first] = settings.languages
  if (!found.includes(first!)) {
    throw new PetitionFilesError(
      `${folder} lacks ${first}.md: readers of a language that an update is not in get the petition's first one`,
    )
  }
  const contents = new Map<string, UpdateContent>()
  for (const language of settings.languages.filter((each) => found.includes(each))) {
    const file = `${language}.md`
    contents.set(language, readContent(await readSource(folder, file, draft), file))
  }
  return { name, contents }
}

/** @throws PetitionFilesError when the folder's name can't be an address */
export function readName(folder: string): string {
  const name = basename(resolve(folder))
  if (SLUG.test(name) && name.length <= SLUG_MAX && !TAKEN.includes(name)) return name
  throw new PetitionFilesError(
    `"${name}" can't be an update's address, which the folder's name becomes: use lower-case letters, digits and single hyphens, at most ${SLUG_MAX} in all`,
  )
}

async function listLanguages(folder: string): Promise<string[]> {
  const files = await readdir(folder).catch(({ code }: NodeJS.ErrnoException) => {
    const what = code === 'ENOENT' ? 'is not there' : `can't be read (${code})`
    throw new PetitionFilesError(
      `${folder} ${what}: an update is a folder with one <lang>.md a language`,
    )
  })
  return files.flatMap((file) => /^([a-z]{2,3})\.md$/.exec(file)?.[1] ?? [])
}

function readContent(text: string, file: string): UpdateContent {
  const parts = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text)
  if (!parts) {
    throw new PetitionFilesError(`${file}: start the file with its title between two lines of ---`)
  }
  const { value } = readFields<typeof FrontMatter>(checker, parts[1]!, file, 2)
  const body = parts[2]!.trim()
  if (body === '' || body.length > BODY_MAX) {
    throw new PetitionFilesError(
      body === ''
        ? `${file} has no text below its title: write what happened`
        : `${file} has ${body.length} characters: ${BODY_MAX} are the most, since mail programs cut off what is longer`,
    )
  }
  return { title: (value satisfies Static<typeof FrontMatter>).title, body }
}
