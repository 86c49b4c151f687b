import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Static, TSchema } from 'typebox'
import { ExpectedError } from '../../platform/expected-error.ts'
import { decodeText, explainEncoding } from '../../platform/files/decode-text.ts'
import { stripUnseen } from '../../platform/strip-unseen.ts'
import { escapeUnsafe } from '../../platform/terminal/escape-unsafe.ts'
import { findGluedItem, GLUED_ITEM } from './glued-item.ts'
import { accents } from './petition-files.schema.ts'
import { MOMENT_HINT } from './read-moment.ts'
import { type ReadYaml, readYaml } from './read-yaml.ts'

/** A fault in a petition's folder: the message names file, line or field, the fault and the remedy. */
export class PetitionFilesError extends ExpectedError {
  /** @param message may quote the folder's files: escaped, it stays one line */
  constructor(message: string) {
    super(escapeUnsafe(message))
  }
}

/** Marks the values of a new folder that the organisers must replace. */
const PLACEHOLDER = 'FILL-IN'

/** The fields of petition.yaml, or of the front matter of one <lang>.md. */
export interface Fields<T> {
  name: string
  value: T
  lineOf: ReadYaml['lineOf']
}

/**
 * @param draft lets placeholders of the template stand
 * @throws PetitionFilesError when the file can't be read, isn't UTF-8 or isn't written yet
 */
export async function readSource(folder: string, name: string, draft: boolean): Promise<string> {
  const path = join(folder, name)
  const bytes = await readFile(path).catch(({ code }: NodeJS.ErrnoException) => {
    const what = code === 'ENOENT' ? 'is not there' : `can't be read (${code})`
    throw new PetitionFilesError(
      `${path} ${what}: a petition is a folder with petition.yaml and one <lang>.md a language`,
    )
  })
  const decoded = decodeText(bytes)
  if (decoded === null) throw new PetitionFilesError(explainEncoding(bytes, path))
  // A file saved on Windows must give the same text, and so the same hash.
  const text = decoded.replace(/\r\n?/g, '\n')
  refuseLine(
    text,
    name,
    '\ufffd',
    'holds "\ufffd", which a wrong conversion left: write the letter anew',
  )
  if (!draft) {
    refuseLine(
      text,
      name,
      PLACEHOLDER,
      `still says ${PLACEHOLDER}: write your own there, or take the line out`,
    )
  }
  return text
}

/** @throws PetitionFilesError for the first line that holds it */
function refuseLine(text: string, name: string, what: string, fault: string): void {
  const at = text.indexOf(what)
  if (at < 0) return
  throw new PetitionFilesError(`${name}, line ${text.slice(0, at).split('\n').length}: it ${fault}`)
}

/**
 * @param firstLine the file's line in which the fields begin
 * @throws PetitionFilesError naming line and field
 */
export function readFields<S extends TSchema>(
  checker: { Check(value: unknown): boolean; Errors(value: unknown): Fault[] },
  text: string,
  name: string,
  firstLine = 1,
): Fields<Static<S>> {
  const override = /[\u202d\u202e]/.exec(text)
  if (override) {
    const line = firstLine + text.slice(0, override.index).split('\n').length - 1
    throw new PetitionFilesError(
      `${name}, line ${line}: has an unseen character that turns the writing round (U+202D or U+202E): delete the field's text and type it`,
    )
  }
  // Unseen characters of a copied address or date would make it wrong without anyone seeing why.
  const read = readYaml(stripUnseen(text), firstLine)
  if ('fault' in read) throw new PetitionFilesError(`${name}, line ${read.line}: ${read.fault}`)
  const { value, lineOf } = read
  if (checker.Check(value)) return { name, value: value as Static<S>, lineOf }
  const [fault] = checker.Errors(value)
  const at = fault?.instancePath.split('/').slice(1) ?? []
  const line = lineOf(at)
  const glued = fault && isShape(fault) && line && findGluedItem(text, line - firstLine + 1)
  if (glued) {
    throw new PetitionFilesError(`${name}, line ${glued + firstLine - 1}: ${GLUED_ITEM}`)
  }
  throw faultIn({ name, lineOf }, at, fault ? explainFault(fault) : 'not valid')
}

/** @param path of the field */
export function faultIn(
  { name, lineOf }: Pick<Fields<unknown>, 'name' | 'lineOf'>,
  path: string[],
  fault: string,
): PetitionFilesError {
  const line = lineOf(path)
  return new PetitionFilesError(`${name}${line === null ? '' : `, line ${line}`}: ${fault}`)
}

/** A text for readers that stands in petition.yaml is there in each of its languages. */
export function requireLanguages(
  fields: Fields<{ languages: string[] }>,
  field: string,
  given: Record<string, string>,
): void {
  const { languages } = fields.value
  const missing = languages.find((language) => !Object.hasOwn(given, language))
  if (missing)
    throw faultIn(fields, [field], `${field} lacks "${missing}": write it in each language`)
}

/** Of the fields those that the file has: what is stored of a petition without one stays as it was. */
export function given<File extends object, Key extends keyof File>(
  file: File,
  fields: Key[],
): Pick<File, Key> {
  const there = fields.filter((field) => file[field] !== undefined)
  return Object.fromEntries(there.map((field) => [field, file[field]])) as Pick<File, Key>
}

/** @throws PetitionFilesError */
export function requireDifferent(
  fields: Fields<unknown>,
  field: string,
  entries: { id: string }[],
) {
  const ids = entries.map(({ id }) => id)
  const twice = ids.findIndex((id, index) => ids.indexOf(id) < index)
  if (twice < 0) return
  throw faultIn(
    fields,
    [field, String(twice)],
    `${field} has the id "${ids[twice]}" twice: give each an id of its own`,
  )
}

/** @throws PetitionFilesError */
export function requireAll(
  fields: Fields<unknown>,
  field: string,
  ids: string[],
  given: Record<string, unknown>,
) {
  const missing = ids.find((id) => !Object.hasOwn(given, id))
  if (missing) {
    throw faultIn(fields, [field], `${field} lacks "${missing}", which petition.yaml lists`)
  }
}

/** A fault as the schema's checker reports it. */
interface Fault {
  keyword: string
  /** JSON pointer. */
  instancePath: string
  message: string
  params: object
}

/** Something else stands there than a list, or a field that isn't known. */
const isShape = ({ keyword }: Fault) => ['type', 'boolean'].includes(keyword)

/** Remedies, where the checker would only show a pattern. */
const hints = new Map([
  ['slug', 'takes lower-case letters, digits and single hyphens, at most 60 in all'],
  ['languages', 'takes language codes such as [en, az], each once'],
  ['accent', `takes one of ${accents.join(', ')}`],
  ['opens', MOMENT_HINT],
  ['closes', MOMENT_HINT],
  ['contact', 'takes an e-mail address, or a web address that starts with https://'],
  ['goal', 'takes rising whole numbers, such as [100, 1000]'],
  ['updates', 'takes true or false'],
  ['milestones', 'takes true or false'],
  ['figures', 'takes guarded or live'],
  ['names', 'takes shown or reviewed'],
  ['partners', 'takes public or hidden'],
  ['file', 'takes the name of a JPEG, PNG or WebP beside petition.yaml'],
  ['card', 'takes the name of a JPEG, PNG or WebP beside petition.yaml'],
  [
    'embed',
    'takes origins in brackets, such as [https://news.example], with no slash or path behind the name, or [anywhere]',
  ],
  ['postcode', 'takes the reason why it is asked for, under each language: en: "…"'],
  ['id', 'takes lower-case letters, digits and hyphens, at most 40'],
  ['url', 'takes an address that starts with https:// or http://'],
  ['date', 'takes a year in quotes ("2024"), a month (2024-02) or a day (2024-02-11)'],
])

/** One line for the file's author: the field, and what belongs there. */
function explainFault(fault: Fault): string {
  const path = fault.instancePath.split('/').slice(1)
  const field = path.join('.') || 'the file'
  const name = path.findLast((part) => !/^\d+$/.test(part))
  if (fault.keyword === 'required') return `${field} lacks ${missing(fault).join(', ')}`
  if (fault.keyword === 'boolean') return `${field} is no field that a petition has`
  const hint = name && hints.get(name)
  if (hint) return `${field} ${hint}`
  if (fault.keyword === 'pattern') return `${field} holds a character that can't stand there`
  if (fault.message === 'must be string') return `${field} must be text: put it in quotes`
  return `${field} ${fault.message}`
}

function missing({ params }: Fault): string[] {
  return (params as { requiredProperties?: string[] }).requiredProperties ?? []
}
