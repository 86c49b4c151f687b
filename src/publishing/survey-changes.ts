import type { Db } from '../database.ts'
import type { PetitionFiles } from '../petition/files/petition-files.ts'
import { hashContent } from '../petition/files/petition-text.ts'
import { findPetitionRow, listTexts, type PetitionRow } from '../petition/petition.queries.ts'
import { hasSignatures } from '../signature/reads.ts'
import type { Changes, Published } from './changes.ts'
import { listLosses } from './list-losses.ts'
import { readDays } from './publish-petition.ts'

/** Nothing is changed yet. @throws PetitionFilesError when the days contradict each other */
export async function surveyChanges(db: Db, now: Date, files: PetitionFiles): Promise<Changes> {
  const row = await findPetitionRow(db, files.slug)
  const since = row?.created_at ?? now
  const before = row && toPublished(row)
  const after = { settings: files.settings, ...readDays(files, since) }
  const texts = await surveyTexts(db, row, files)
  const signed = row !== null && (await hasSignatures(db, row.id))
  const unsaid = { opens: files.opens === null }
  const losses = before ? listLosses({ before, after, texts, signed, unsaid }) : []
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

function toPublished(row: PetitionRow): Published {
  return {
    settings: row.settings,
    opens: { at: row.opens_at, zone: row.opens_zone ?? 'Z' },
    closes: row.closes_at && { at: row.closes_at, zone: row.closes_zone ?? 'Z' },
  }
}

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
