import { type Selectable, sql } from 'kysely'
import type { Db } from '../database.ts'
import type { Delivery } from './delivery.ts'
import type { PetitionSettings } from './files/petition-files.ts'
import type { PetitionContent } from './files/petition-text.ts'
import type { Moment } from './files/read-moment.ts'
import type { Pause } from './pause.ts'
import type { PetitionTable, PetitionTextTable } from './petition.table.ts'

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
  /** Null for a draft. */
  publishedAt: Date | null
  /** When a draft is published by itself. */
  publishAt: Date | null
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

function datesOf({ opens, closes, publishedAt, publishAt }: PetitionInput) {
  return {
    opens_at: opens.at,
    opens_zone: opens.zone,
    closes_at: closes?.at ?? null,
    closes_zone: closes?.zone ?? null,
    published_at: publishedAt,
    publish_at: publishAt,
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

/** Of a draft: nobody has signed them, and no link leads to them. */
export async function deleteTexts(trx: Db, petitionId: number): Promise<void> {
  await trx.deleteFrom('petition_text').where('petition_id', '=', petitionId).execute()
}

/** What stands beside the dates and the settings; what is left out stays. */
export async function setStage(
  trx: Db,
  id: number,
  stage: {
    published_at?: Date
    publish_at?: Date | null
    preview_id?: string | null
    preview_until?: Date | null
    pause?: Pause | null
    hidden_at?: Date | null
    delivery?: Delivery | null
  },
  now: Date,
): Promise<void> {
  const { pause, delivery, ...columns } = stage
  const written = (value: object | null) => value && JSON.stringify(value)
  await trx
    .updateTable('petition')
    .set({
      ...columns,
      ...(pause !== undefined && { pause: written(pause) }),
      ...(delivery !== undefined && { delivery: written(delivery) }),
      updated_at: now,
    })
    .where('id', '=', id)
    .execute()
}

/** Drafts whose time has come. */
export async function listDue(db: Db, now: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('petition')
    .select('slug')
    .where('published_at', 'is', null)
    .where('publish_at', '<=', now)
    .execute()
  return rows.map(({ slug }) => slug)
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
