import type { Db } from '../database.ts'
import type { UpdateContent, UpdateFiles } from './update-files.ts'

/** An update in its languages. */
export interface Update {
  /** 0 while it is not published. */
  id: number
  petitionId: number
  name: string
  publishedAt: Date
  updatedAt: Date
  /** By language; never empty. */
  texts: ReadonlyMap<string, UpdateContent>
}

/** For a look at what a folder will be. */
export function asUpdate(petitionId: number, { name, contents }: UpdateFiles, now: Date): Update {
  return { id: 0, petitionId, name, publishedAt: now, updatedAt: now, texts: contents }
}

/** Of all petitions, or of one; the newest first. */
export async function listUpdates(db: Db, petitionId?: number): Promise<Update[]> {
  const rows = await db
    .selectFrom('petition_update')
    .innerJoin('update_text', 'update_id', 'id')
    .select(['id', 'petition_id', 'name', 'published_at', 'updated_at', 'language', 'content'])
    .$if(petitionId !== undefined, (query) => query.where('petition_id', '=', petitionId!))
    .orderBy('published_at', 'desc')
    .orderBy('id', 'desc')
    .orderBy('language')
    .execute()
  const updates = new Map<number, Update & { texts: Map<string, UpdateContent> }>()
  for (const { id, language, content, ...row } of rows) {
    const update = updates.get(id) ?? {
      id,
      petitionId: row.petition_id,
      name: row.name,
      publishedAt: row.published_at,
      updatedAt: row.updated_at,
      texts: new Map<string, UpdateContent>(),
    }
    update.texts.set(language, content)
    updates.set(id, update)
  }
  return [...updates.values()]
}

export async function insertUpdate(
  trx: Db,
  { petitionId, name, now }: { petitionId: number; name: string; now: Date },
): Promise<number> {
  const { id } = await trx
    .insertInto('petition_update')
    .values({ petition_id: petitionId, name, published_at: now, updated_at: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export async function touchUpdate(trx: Db, id: number, now: Date): Promise<void> {
  await trx.updateTable('petition_update').set({ updated_at: now }).where('id', '=', id).execute()
}

/** In place of those it had. */
export async function writeTexts(
  trx: Db,
  id: number,
  contents: ReadonlyMap<string, UpdateContent>,
): Promise<void> {
  await trx.deleteFrom('update_text').where('update_id', '=', id).execute()
  const rows = [...contents].map(([language, content]) => ({
    update_id: id,
    language,
    content: JSON.stringify(content),
  }))
  await trx.insertInto('update_text').values(rows).execute()
}
