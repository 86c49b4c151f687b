import { readdir } from 'node:fs/promises'
import { languages as siteLanguages } from '../../platform/i18n/translate.ts'
import { isZone, type Zone } from '../../platform/i18n/zone.ts'
import { parseRecipient } from '../../sealing/age/recipient.ts'
import {
  accents,
  type FrontMatter,
  frontMatterChecker,
  type SettingsFile,
  type SettingsInput,
  settingsChecker,
} from './petition-files.schema.ts'
import type { PetitionContent } from './petition-text.ts'
import { explainNoMoment, readMoment } from './read-moment.ts'
import { gatherPictures, listPictures, type PictureFile } from './read-pictures.ts'
import {
  type Fields,
  faultIn,
  given,
  PetitionFilesError,
  readFields,
  readSource,
  requireAll,
  requireDifferent,
  requireLanguages,
} from './read-source.ts'
import type { ShareTexts } from './share-fields.ts'
import { checkShareTexts } from './share-texts.ts'

export interface PetitionSettings {
  /** The first is the default. */
  languages: string[]
  accent: string
  /** Rising; the page shows the first that is not yet near. */
  goals: number[]
  organisers: { id: string; url: string | null }[]
  /** age recipients (`age1…`) that signers' data is sealed to; one or more once published. */
  recipients: string[]
  /** Sealed to the demonstration's recipient, whose identity lies on the server. */
  demoKey: boolean
  /** Whether signers may ask for mails; absent in rows older than the setting. */
  updates?: boolean
  /** Whether subscribers are mailed at milestones; absent where they are not. */
  milestones?: boolean
  /** How public figures move; absent in rows older than the setting: guarded. */
  figures?: 'guarded' | 'live'
  /** When public names appear; absent in rows older than the setting: at once. */
  names?: 'shown' | 'reviewed'
  sources: { id: string; url: string; date: string }[]
  /** The organisers' time zone; absent if not given. */
  zone?: Zone
  /** An e-mail or web address for signers' questions; absent if not given. */
  contact?: string
  /** Why signers are asked for a postcode, by language; absent where they aren't. */
  postcode?: Record<string, string>
  /** Sites that may hold the form in a frame; absent: none. */
  embed?: string[]
  /** Words that readers pass on, by language; absent where the organisers wrote none. */
  share?: Record<string, ShareTexts>
  /** Whether everybody sees what the partners brought; absent where not. */
  partners?: 'public'
  /** SHA-256, in hexadecimal, of the files; `alt` by language. Absent without. */
  image?: { file: string; source: string; card?: string; alt: Record<string, string> }
}

export interface PetitionFiles {
  slug: string
  /** As written, for readMoment; null if not given. */
  opens: string | null
  closes: string | null
  settings: PetitionSettings
  /** One a language of settings.languages. */
  contents: Record<string, PetitionContent>
  /** Files of the folder that pages show, each once. */
  pictures: PictureFile[]
  /** Languages that have a file and aren't listed: they are left out. */
  unlisted: string[]
}

/**
 * Reads `petition.yaml` and one `<lang>.md` a language.
 *
 * @param draft lets the template's placeholders stand, for a preview
 * @throws PetitionFilesError
 */
export async function readPetitionFolder(
  folder: string,
  { draft = false } = {},
): Promise<PetitionFiles> {
  const name = 'petition.yaml'
  const yaml = await readSource(folder, name, draft)
  const fields = readFields<typeof SettingsFile>(settingsChecker, yaml, name)
  checkSettings(fields)
  const file = fields.value
  const pictures = gatherPictures(folder)
  const contents: Record<string, PetitionContent> = {}
  for (const language of file.languages) {
    const where = `${language}.md`
    const content = readContent(await readSource(folder, where, draft), where, file)
    for (const picture of listPictures(content.body, where)) {
      content.pictures ??= {}
      content.pictures[picture] = await pictures.add(picture, where)
    }
    contents[language] = content
  }
  const image = file.image && {
    file: file.image.file,
    source: await pictures.add(file.image.file, name),
    ...(file.image.card && { card: await pictures.add(file.image.card, name) }),
    alt: file.image.alt,
  }
  return {
    slug: file.slug,
    opens: file.opens ?? null,
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
      ...(file.milestones ? { milestones: true } : {}),
      ...given(file, ['zone', 'contact', 'postcode', 'embed']),
      ...(image && { image }),
      ...(file.share === undefined ? {} : { share: file.share }),
      ...(file.partners === 'public' ? { partners: file.partners } : {}),
    },
    contents,
    pictures: pictures.all(),
    unlisted: await listUnlisted(folder, file.languages),
  }
}

/** Rules that the schema can't express. */
function checkSettings(fields: Fields<SettingsInput>): void {
  const file = fields.value
  const falls = file.goal.findIndex((step, index) => index > 0 && step <= file.goal[index - 1]!)
  if (falls > 0) {
    throw faultIn(fields, ['goal', String(falls)], 'goal must rise from step to step')
  }
  requireDifferent(fields, 'organisers', file.organisers)
  requireDifferent(fields, 'sources', file.sources ?? [])
  const foreign = file.languages.find((language) => !siteLanguages.includes(language))
  if (foreign) {
    throw faultIn(
      fields,
      ['languages'],
      `languages has "${foreign}", which the site doesn't speak: take it out, or add views/locales/${foreign}.json first`,
    )
  }
  const wrong = (file.recipients ?? []).findIndex((recipient) => !parseRecipient(recipient))
  if (wrong >= 0) {
    throw faultIn(
      fields,
      ['recipients', String(wrong)],
      `recipients has "${file.recipients![wrong]!.slice(0, 80)}", which is no public key: copy the line that begins with age1 from "undersigned keys generate"`,
    )
  }
  if (file.zone !== undefined && !isZone(file.zone)) {
    throw faultIn(
      fields,
      ['zone'],
      `zone has "${file.zone}", which is no time zone: write one such as Europe/Vienna or Asia/Baku, or an offset such as "+04:00"`,
    )
  }
  for (const field of ['opens', 'closes'] as const) {
    const written = file[field]
    const since = new Date(0)
    if (written === undefined) continue
    if (!readMoment(written, { end: false, own: file.zone ?? null, since })) {
      throw faultIn(fields, [field], `${field} ${explainNoMoment(written)}`)
    }
  }
  if (file.image) requireLanguages(fields, 'image', file.image.alt)
  if (file.postcode) requireLanguages(fields, 'postcode', file.postcode)
  checkShareTexts(fields)
  if (closesTooSoon(file)) {
    throw faultIn(fields, ['closes'], 'closes is not after opens, so nobody could ever sign')
  }
}

/** A day and a number of days can't be compared before the petition is published. */
function closesTooSoon({ opens, closes, zone }: SettingsInput): boolean {
  if (!opens || !closes || opens.endsWith('d') !== closes.endsWith('d')) return false
  const moment = (text: string, end: boolean) =>
    readMoment(text, { end, own: zone ?? null, since: new Date(0) })!.at
  return moment(closes, true) <= moment(opens, false)
}

function readContent(text: string, name: string, settings: SettingsInput): PetitionContent {
  const parts = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text)
  if (!parts) {
    throw new PetitionFilesError(`${name}: start the file with its fields between two lines of ---`)
  }
  const read = readFields<typeof FrontMatter>(frontMatterChecker, parts[1]!, name, 2)
  const fields = read.value
  const known = new Set(settings.sources?.map((source) => source.id))
  const facts = (fields.facts ?? []).map((fact) => ({
    text: fact.text,
    sources: fact.sources ?? [],
  }))
  facts.forEach(({ sources }, index) => {
    const source = sources.find((id) => !known.has(id))
    if (source === undefined) return
    throw faultIn(
      read,
      ['facts', String(index), 'sources'],
      `a fact names the source "${source}", which petition.yaml doesn't list`,
    )
  })
  requireAll(read, 'sources', [...known], fields.sources ?? {})
  requireAll(
    read,
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

async function listUnlisted(folder: string, listed: string[]): Promise<string[]> {
  const found = (await readdir(folder)).map((file) => /^([a-z]{2,3})\.md$/.exec(file)?.[1])
  return found
    .filter((language) => language !== undefined && !listed.includes(language))
    .sort() as string[]
}
