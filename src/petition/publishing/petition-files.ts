import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Static, TSchema } from 'typebox'
import { parse as parseYaml } from 'yaml'
import { ExpectedError } from '../../platform/expected-error.ts'
import { languages as siteLanguages } from '../../platform/i18n/translate.ts'
import { hasOverride, stripUnseen } from '../../platform/strip-unseen.ts'
import { parseRecipient } from '../../sealing/age/recipient.ts'
import { accents } from '../page/accents.ts'
import { explainFault, type Fault } from './explain-fault.ts'
import {
  type FrontMatter,
  frontMatterChecker,
  type SettingsFile,
  type SettingsInput,
  settingsChecker,
} from './petition-files.schema.ts'
import type { PetitionContent } from './petition-text.ts'

/** A petition's folder is at fault: the message names file, field, what is wrong and what to write. */
export class PetitionFilesError extends ExpectedError {}

export interface PetitionSettings {
  /** The first is the default. */
  languages: string[]
  accent: string
  /** Rising; the page shows the first that is not yet near. */
  goals: number[]
  organisers: { id: string; url: string | null }[]
  /** age recipients (`age1…`) that signers' data is sealed to; one or more once published. */
  recipients: string[]
  /** The recipient is the demonstration's, whose key lies on the server. */
  demoKey: boolean
  /** Whether signers may ask for mails; absent where it was published before there was a choice. */
  updates?: boolean
  /** How public figures move; absent where it was published before there was a choice: guarded. */
  figures?: 'guarded' | 'live'
  /** When public names appear; absent where it was published before there was a choice: at once. */
  names?: 'shown' | 'reviewed'
  sources: { id: string; url: string; date: string }[]
}

export interface PetitionFiles {
  slug: string
  /** ISO date-time or days relative to the first publishing, for example `+90d`. */
  opens: string
  closes: string | null
  settings: PetitionSettings
  /** One a language of settings.languages. */
  contents: Record<string, PetitionContent>
}

/** Reads `petition.yaml` and one `<lang>.md` a language. @throws PetitionFilesError */
export async function readPetitionFolder(folder: string): Promise<PetitionFiles> {
  const yaml = await readText(folder, 'petition.yaml')
  const file = check<typeof SettingsFile>(
    settingsChecker,
    readYaml(yaml, 'petition.yaml'),
    'petition.yaml',
  )
  if (file.goal.some((step, index) => index > 0 && step <= file.goal[index - 1]!)) {
    throw new PetitionFilesError('petition.yaml: goal must rise from step to step')
  }
  requireDifferent('organisers', file.organisers)
  requireDifferent('sources', file.sources ?? [])
  const foreign = file.languages.find((language) => !siteLanguages.includes(language))
  if (foreign) {
    throw new PetitionFilesError(
      `petition.yaml: languages has "${foreign}", which the site doesn't speak: add views/locales/${foreign}.json first`,
    )
  }
  for (const recipient of file.recipients ?? []) {
    if (!parseRecipient(recipient)) {
      throw new PetitionFilesError(
        `petition.yaml: recipients has "${recipient.slice(0, 80)}", which is no public key: copy the line that begins with age1 from "undersigned keys generate"`,
      )
    }
  }
  const contents: Record<string, PetitionContent> = {}
  for (const language of file.languages) {
    contents[language] = readContent(
      await readText(folder, `${language}.md`),
      `${language}.md`,
      file,
    )
  }
  return {
    slug: file.slug,
    opens: file.opens ?? '+0d',
    closes: file.closes ?? null,
    settings: {
      languages: file.languages,
      accent: file.accent ?? accents[0],
      goals: file.goal,
      updates: file.updates ?? true,
      figures: file.figures ?? 'guarded',
      names: file.names ?? 'shown',
      organisers: file.organisers.map(({ id, url }) => ({ id, url: url ?? null })),
      sources: file.sources ?? [],
      recipients: file.recipients ?? [],
      demoKey: false,
    },
    contents,
  }
}

function readContent(text: string, name: string, settings: SettingsInput): PetitionContent {
  const parts = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text)
  if (!parts) {
    throw new PetitionFilesError(`${name}: start the file with its fields between two lines of ---`)
  }
  const fields = check<typeof FrontMatter>(frontMatterChecker, readYaml(parts[1]!, name), name)
  const known = new Set(settings.sources?.map((source) => source.id))
  const facts = (fields.facts ?? []).map((fact) => ({
    text: fact.text,
    sources: fact.sources ?? [],
  }))
  for (const source of facts.flatMap((fact) => fact.sources)) {
    if (!known.has(source)) {
      throw new PetitionFilesError(
        `${name}: a fact names the source "${source}", which petition.yaml doesn't list`,
      )
    }
  }
  requireAll(name, 'sources', [...known], fields.sources ?? {})
  requireAll(
    name,
    'organisers',
    settings.organisers.map((organiser) => organiser.id),
    fields.organisers,
  )
  return {
    ...fields,
    notice: fields.notice ?? null,
    facts,
    sources: fields.sources ?? {},
    body: parts[2]!.trim(),
  }
}

function requireDifferent(field: string, entries: { id: string }[]) {
  const ids = entries.map(({ id }) => id)
  const twice = ids.find((id, index) => ids.indexOf(id) < index)
  if (twice) {
    throw new PetitionFilesError(
      `petition.yaml: ${field} has the id "${twice}" twice: give each an id of its own`,
    )
  }
}

function requireAll(name: string, field: string, ids: string[], given: Record<string, unknown>) {
  const missing = ids.find((id) => !Object.hasOwn(given, id))
  if (missing) {
    throw new PetitionFilesError(`${name}: ${field} lacks "${missing}", which petition.yaml lists`)
  }
}

async function readText(folder: string, name: string): Promise<string> {
  try {
    const text = await readFile(join(folder, name), 'utf8')
    // A file saved on Windows is the same text: no byte order mark, plain line ends.
    return text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    const what = code === 'ENOENT' ? 'is not there' : `can't be read (${code})`
    throw new PetitionFilesError(
      `${join(folder, name)} ${what}: a petition is a folder with petition.yaml and one <lang>.md a language`,
    )
  }
}

function readYaml(text: string, name: string): unknown {
  if (hasOverride(text)) {
    throw new PetitionFilesError(
      `${name}: has an unseen character that turns the writing round (U+202D or U+202E): delete the field's text and type it`,
    )
  }
  try {
    // What came along with a copied address or date would make it one that nobody can see is wrong.
    return parseYaml(stripUnseen(text))
  } catch (error) {
    // The parser's first line ends in a colon: it would go on with an excerpt.
    const [line] = String((error as Error).message).split(/:?\n/)
    throw new PetitionFilesError(`${name}: not valid YAML: ${line}`)
  }
}

function check<S extends TSchema>(
  checker: { Check(value: unknown): boolean; Errors(value: unknown): Fault[] },
  value: unknown,
  name: string,
): Static<S> {
  if (checker.Check(value)) return value as Static<S>
  const [fault] = checker.Errors(value)
  throw new PetitionFilesError(`${name}: ${fault ? explainFault(fault) : 'not valid'}`)
}
