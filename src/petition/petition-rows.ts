import { type Selectable, sql } from 'kysely'
import type { Db, PetitionTable, PetitionTextTable } from '../database.ts'
import type { PetitionSettings } from './files/petition-files.ts'
import type { PetitionContent } from './files/petition-text.ts'
import type { Moment } from './files/read-moment.ts'

export type PetitionRow = Selectable<PetitionTable>
export type PetitionTextRow = Selectable<PetitionTextTable>

export async function listPetitions(db: Db): Promise<PetitionRow[]> {
  return db.selectFrom('petition').selectAll().orderBy('id').execute()
}

/** Waits for another process that is publishing, reopening, archiving or deleting the petition. */
export async function lockPublishing(trx: Db, slug: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`petition:${slug}`}, 0))`.execute(trx)
}

export async function findPetitionRow(db: Db, slug: string): Promise<PetitionRow | null> {
  const row = await db
    .selectFrom('petition')
    .selectAll()
    .where('slug', '=', slug)
    .executeTakeFirst()
  return row ?? null
}

/** Every version of every language, newest first. */
export async function listTexts(db: Db, petitionId: number): Promise<PetitionTextRow[]> {
  return db
    .selectFrom('petition_text')
    .selectAll()
    .where('petition_id', '=', petitionId)
    .orderBy('language')
    .orderBy('version', 'desc')
    .execute()
}

interface PetitionInput {
  slug: string
  settings: PetitionSettings
  opens: Moment
  closes: Moment | null
  now: Date
}

export async function insertPetition(
  trx: Db,
  input: PetitionInput & { tagKey: Buffer },
): Promise<number> {
  const row = await trx
    .insertInto('petition')
    .values({
      slug: input.slug,
      settings: JSON.stringify(input.settings),
      ...datesOf(input),
      tag_key: input.tagKey,
      created_at: input.now,
      updated_at: input.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

export async function updatePetition(trx: Db, id: number, input: PetitionInput): Promise<void> {
  await trx
    .updateTable('petition')
    .set({
      settings: JSON.stringify(input.settings),
      ...datesOf(input),
      updated_at: input.now,
    })
    .where('id', '=', id)
    .execute()
}

function datesOf({ opens, closes }: PetitionInput) {
  return {
    opens_at: opens.at,
    opens_zone: opens.zone,
    closes_at: closes?.at ?? null,
    closes_zone: closes?.zone ?? null,
  }
}

export async function insertText(
  trx: Db,
  text: {
    petitionId: number
    language: string
    version: number
    hash: Buffer
    content: PetitionContent
    now: Date
  },
): Promise<void> {
  await trx
    .insertInto('petition_text')
    .values({
      petition_id: text.petitionId,
      language: text.language,
      version: text.version,
      hash: text.hash,
      content: JSON.stringify(text.content),
      published_at: text.now,
    })
    .execute()
}

export async function newestTexts(db: Db, petitionId: number) {
  return db
    .selectFrom('petition_text')
    .distinctOn('language')
    .select(['language', 'version', 'hash'])
    .where('petition_id', '=', petitionId)
    .orderBy('language')
    .orderBy('version', 'desc')
    .execute()
}

/** Closes the petition for good, and destroys the key that ties signatures to addresses. */
export async function setArchived(trx: Db, id: number, now: Date): Promise<void> {
  await trx
    .updateTable('petition')
    .set({ tag_key: null, closed_at: sql<Date>`coalesce(closed_at, ${now})`, updated_at: now })
    .where('id', '=', id)
    .execute()
}

/** Undoes closing by hand; the closing day still holds. */
export async function setReopened(trx: Db, id: number, now: Date): Promise<void> {
  await trx
    .updateTable('petition')
    .set({ closed_at: null, updated_at: now })
    .where('id', '=', id)
    .execute()
}

/** Deletes it with its texts (`on delete cascade`). Rows of other rooms must be gone. */
export async function deletePetitionRow(trx: Db, id: number): Promise<void> {
  await trx.deleteFrom('petition').where('id', '=', id).execute()
}

/** @returns false when there is no such petition */
export async function setClosed(db: Db, slug: string, now: Date): Promise<boolean> {
  const outcome = await db
    .updateTable('petition')
    .set({ closed_at: sql<Date>`coalesce(closed_at, ${now})`, updated_at: now })
    .where('slug', '=', slug)
    .executeTakeFirst()
  return outcome.numUpdatedRows > 0n
}
