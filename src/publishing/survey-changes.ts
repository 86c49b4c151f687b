import type { Proposal } from '../actions/agreement.ts'
import type { Db } from '../database.ts'
import type { PetitionFiles } from '../petition/files/petition-files.ts'
import { hashContent, type PetitionContent } from '../petition/files/petition-text.ts'
import { writeMoment } from '../petition/files/read-moment.ts'
import { recipientsOf } from '../petition/petition.ts'
import { findPetitionRow, listTexts, type PetitionRow } from '../petition/petition-rows.ts'
import { hasSignatures } from '../signature/reads.ts'
import type { TargetInput } from '../target/read-targets.ts'
import { surveyTargets, type TargetChanges } from '../target/survey-targets.ts'
import { type PublishAs, readDays, type Terms, termsOf } from './terms.ts'

/** The changes that publishing would make. */
export interface Changes extends Proposal {
  slug: string
  /** Null for a new petition. */
  before: Terms | null
  after: Terms
  /** When the published petition last changed; null with `before`. */
  updatedAt: Date | null
  /** Languages whose text becomes a new version; `before` is null for a language that is new. */
  texts: { language: string; version: number; before: PetitionContent | null }[]
  /** The contents as they will be. */
  contents: Record<string, PetitionContent>
  /** Sentences on what signers or readers would lose, or what can't be undone: each needs a yes. */
  losses: string[]
  /** Languages that have a file and aren't listed. */
  unlisted: string[]
  as: PublishAs
  /** A sentence on each new picture that is too small to look well. */
  small?: string[]
  /** Of those whom it asks; absent where the folder has no file of them. */
  targets?: TargetChanges
}

/**
 * Changes nothing. A draft that becomes public is new to everybody: all of it is shown.
 *
 * @throws PetitionFilesError when the days contradict each other
 */
export async function surveyChanges(
  db: Db,
  now: Date,
  files: PetitionFiles,
  as: PublishAs = 'published',
  asked: TargetInput[] | null = null,
): Promise<Changes> {
  const found = await findPetitionRow(db, files.slug)
  const isPublic = found?.published_at != null
  const row = isPublic || as === 'draft' ? found : null
  const before = row && termsOf(row)
  const after = {
    settings: files.settings,
    ...readDays(files, found?.published_at ?? (typeof as === 'object' ? as.at : now)),
  }
  const texts = await surveyTexts(db, row, files, isPublic)
  const losses =
    before && isPublic ? listLosses(before, after, { opensUnsaid: files.opens === null }) : []
  if (row && (await hasSignatures(db, row.id))) losses.push(...listReplaced(texts))
  const { slug, contents, unlisted, settings } = files
  const targets =
    asked && (await surveyTargets(db, { slug, settings, id: found?.id ?? null }, asked))
  if (targets && isPublic) losses.push(...targets.removed.map(({ id }) => `the target ${id} is taken out`)) // biome-ignore format: one line
  return {
    ...(targets && { targets }),
    slug,
    before,
    after,
    updatedAt: found?.updated_at ?? null,
    texts,
    contents,
    losses,
    unlisted,
    as,
  }
}

async function surveyTexts(
  db: Db,
  row: PetitionRow | null,
  files: PetitionFiles,
  isPublic: boolean,
): Promise<Changes['texts']> {
  const rows = row ? await listTexts(db, row.id) : []
  return Object.entries(files.contents).flatMap(([language, content]) => {
    const newest = rows.find((text) => text.language === language)
    if (newest?.hash.equals(hashContent(content))) return []
    const version = isPublic ? (newest?.version ?? 0) + 1 : 1
    return [{ language, version, before: newest?.content ?? null }]
  })
}

function listLosses(
  before: Terms,
  after: Terms,
  { opensUnsaid }: { opensUnsaid: boolean },
): string[] {
  const { settings: old } = before
  const { settings } = after
  const losses: string[] = []
  for (const language of missing(old.languages, settings.languages)) {
    losses.push(
      `the language ${language} is dropped: its links lead to ${settings.languages[0]} from then on`,
    )
  }
  if (opensUnsaid && before.opens.at.getTime() !== after.opens.at.getTime()) {
    losses.push(`the day it opens, ${writeMoment(before.opens)}, is dropped`)
  }
  if (before.closes && !after.closes) {
    losses.push(`the day it closes, ${writeMoment(before.closes)}, is dropped: it has no end then`)
  }
  // The demonstration's identity lies on the server: dropping it costs nobody anything.
  for (const recipient of old.demoKey ? [] : missing(recipientsOf(before), recipientsOf(after))) {
    losses.push(`the recipient ${recipient} is dropped: its key opens nothing signed from then on`)
  }
  for (const id of missing(idsOf(old.organisers), idsOf(settings.organisers))) {
    losses.push(`the organiser ${id} is dropped`)
  }
  if (old.contact && !settings.contact) losses.push(`the contact ${old.contact} is dropped`)
  if ((old.updates ?? true) && settings.updates === false) {
    losses.push('the list for updates is dropped: every address on it is erased')
  }
  const held = old.embed ?? []
  for (const site of held.includes('anywhere') ? [] : missing(settings.embed ?? [], held)) {
    const who = site === 'anywhere' ? 'every site' : site
    losses.push(`${who} may hold the form in its pages: it can notice which of its readers sign`)
  }
  if (old.figures !== 'live' && settings.figures === 'live') {
    losses.push('figures follow each confirmation: from them people may tell who signed and when')
  }
  if (!old.partners && settings.partners) {
    losses.push("everybody sees the partners' names, and how many signatures each brought at least")
  }
  return losses
}

const listReplaced = (texts: Changes['texts']): string[] =>
  texts
    .filter(({ before }) => before !== null)
    .map(
      ({ language, version }) =>
        `people have signed: those who signed before version ${version} in ${language} signed another text`,
    )

const missing = (before: string[], after: string[]) => before.filter((one) => !after.includes(one))

const idsOf = (entries: { id: string }[]) => entries.map(({ id }) => id)
