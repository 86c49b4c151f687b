import type { Db } from '../database.ts'
import type { PetitionFiles, PetitionSettings } from '../petition/files/petition-files.ts'
import { hashContent, type PetitionContent } from '../petition/files/petition-text.ts'
import { type Moment, writeMoment } from '../petition/files/read-moment.ts'
import { recipientsOf } from '../petition/petition.ts'
import { findPetitionRow, listTexts, type PetitionRow } from '../petition/petition-rows.ts'
import { hasSignatures } from '../signature/reads.ts'
import { readDays } from './publish-petition.ts'

/** The changes that publishing would make. */
export interface Changes {
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
}

export interface Terms {
  settings: PetitionSettings
  opens: Moment
  closes: Moment | null
}

/** Changes nothing. @throws PetitionFilesError when the days contradict each other */
export async function surveyChanges(db: Db, now: Date, files: PetitionFiles): Promise<Changes> {
  const row = await findPetitionRow(db, files.slug)
  const before = row && termsOf(row)
  const after = { settings: files.settings, ...readDays(files, row?.created_at ?? now) }
  const texts = await surveyTexts(db, row, files)
  const losses = before ? listLosses(before, after, { opensUnsaid: files.opens === null }) : []
  if (row && (await hasSignatures(db, row.id))) losses.push(...listReplaced(texts))
  const { slug, contents, unlisted } = files
  return {
    slug,
    before,
    after,
    updatedAt: row?.updated_at ?? null,
    texts,
    contents,
    losses,
    unlisted,
  }
}

const termsOf = (row: PetitionRow): Terms => ({
  settings: row.settings,
  opens: { at: row.opens_at, zone: row.opens_zone ?? 'Z' },
  closes: row.closes_at && { at: row.closes_at, zone: row.closes_zone ?? 'Z' },
})

async function surveyTexts(
  db: Db,
  row: PetitionRow | null,
  files: PetitionFiles,
): Promise<Changes['texts']> {
  const rows = row ? await listTexts(db, row.id) : []
  return Object.entries(files.contents).flatMap(([language, content]) => {
    const newest = rows.find((text) => text.language === language)
    if (newest?.hash.equals(hashContent(content))) return []
    return [{ language, version: (newest?.version ?? 0) + 1, before: newest?.content ?? null }]
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
  if (old.figures !== 'live' && settings.figures === 'live') {
    losses.push('figures follow each confirmation: from them people may tell who signed and when')
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
