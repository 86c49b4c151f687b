import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeText, explainEncoding } from './files/decode-text.ts'
import { parseFolder, SettingError } from './parse-setting.ts'

/** The operator's own words, in Markdown by language: files named after page and language. */
export interface OwnPages {
  about: ReadonlyMap<string, string>
  imprint: ReadonlyMap<string, string>
}

export const NO_PAGES: OwnPages = { about: new Map(), imprint: new Map() }

const NAME = /^(about|imprint)\.([a-z]{2,3})\.md$/
const MOST_BYTES = 100_000

/** @throws SettingError */
export function readOwnPages(setting: string): OwnPages {
  const folder = parseFolder(setting)
  const pages = { about: new Map<string, string>(), imprint: new Map<string, string>() }
  for (const name of list(folder)) {
    const [, page, language] = NAME.exec(name) ?? []
    if (page && language) pages[page as keyof OwnPages].set(language, readOne(join(folder, name)))
  }
  if (pages.about.size + pages.imprint.size > 0) return pages
  throw new SettingError(
    `is ${folder}: no page lies there, name each after itself and its language, as in imprint.en.md`,
  )
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new SettingError(`is ${folder}: the folder can't be read (${code})`)
  }
}

function readOne(path: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new SettingError(`has ${path}, which can't be read (${code})`)
  }
  if (bytes.length > MOST_BYTES)
    throw new SettingError(`has ${path}, longer than ${MOST_BYTES / 1000} kB: shorten it`)
  const text = decodeText(bytes)
  if (text === null) throw new SettingError(`names a folder where ${explainEncoding(bytes, path)}`)
  return text.replace(/\r\n?/g, '\n').trim()
}

/**
 * A page in the reader's language, else in the first that there is; its title is the heading that it begins with.
 * @returns null where the operator wrote none
 */
export function findOwnPage(
  pages: ReadonlyMap<string, string>,
  language: string,
): { language: string; title: string | null; lead: string; body: string } | null {
  const found = pages.has(language) ? language : [...pages.keys()][0]
  if (found === undefined) return null
  const text = pages.get(found)!
  const [heading, title = null] = /^# ([^\n]+)\n/.exec(text) ?? ['']
  const body = text.slice(heading.length).trim()
  return { language: found, title: title?.trim() ?? null, lead: body.split(/\n{2,}/)[0]!, body }
}
