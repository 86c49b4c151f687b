import { createHash } from 'node:crypto'
import { lstat, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import MarkdownIt from 'markdown-it'
import { PICTURE_NAME } from './petition-files.schema.ts'
import { PetitionFilesError } from './read-source.ts'

/** A file of the folder that a page shows, as the organisers have it. */
export interface PictureFile {
  name: string
  /** SHA-256 in hexadecimal. */
  source: string
  bytes: Buffer
}

/** Larger ones are refused by src/picture/ with a better message; this keeps memory from being filled. */
const MOST_BYTES = 100_000_000
const markdown = new MarkdownIt({ html: false })

/** Reads each file once. `add` gives its source; the second argument says where it is named. */
export function gatherPictures(folder: string) {
  const files = new Map<string, PictureFile>()
  return {
    async add(name: string, where: string): Promise<string> {
      const file = files.get(name) ?? (await readPictureFile(folder, name, where))
      files.set(name, file)
      return file.source
    },
    all: () => [...files.values()],
  }
}

/** @throws PetitionFilesError */
async function readPictureFile(folder: string, name: string, where: string): Promise<PictureFile> {
  const path = join(folder, name)
  const file = await lstat(path).catch(() => null)
  if (!file) throw new PetitionFilesError(`${where}: ${name} is not in the folder: put it there`)
  if (!file.isFile() || file.size > MOST_BYTES)
    throw new PetitionFilesError(`${where}: ${name} is no picture file of this folder`)
  const bytes = await readFile(path)
  return { name, source: createHash('sha256').update(bytes).digest('hex'), bytes }
}

/**
 * Names of the files that a text shows, each once.
 * @throws PetitionFilesError for a picture from elsewhere, or without words for those who can't see it
 */
export function listPictures(body: string, where: string): string[] {
  const images = markdown
    .parse(body, {})
    .flatMap(({ children }) => children ?? [])
    .filter(({ type }) => type === 'image')
  for (const image of images) {
    const from = decode(`${image.attrGet('src') ?? ''}`)
    if (!PICTURE_NAME.test(from))
      throw new PetitionFilesError(
        `${where} shows the picture "${from.slice(0, 80)}", which is no file of the folder: put it beside petition.yaml and write its name alone`,
      )
    if (image.content.trim() === '')
      throw new PetitionFilesError(
        `${where} shows ${from} without words: say between the brackets of ![…](${from}) what it shows`,
      )
  }
  return [...new Set(images.map((image) => decode(`${image.attrGet('src')}`)))]
}

/** Markdown-it gives addresses percent-encoded. */
function decode(address: string): string {
  try {
    return decodeURIComponent(address)
  } catch {
    return address
  }
}
