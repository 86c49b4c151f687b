import type { Db } from '../database.ts'

/** Petitions that were published and then deleted: their addresses say so. */
export interface DeletedPetitions {
  slugs: ReadonlySet<string>
  /** Of partners' links. */
  codes: ReadonlySet<string>
}

export async function listDeleted(db: Db): Promise<DeletedPetitions> {
  const rows = await db.selectFrom('deleted_petition').select(['slug', 'codes']).execute()
  return {
    slugs: new Set(rows.map(({ slug }) => slug)),
    codes: new Set(rows.flatMap(({ codes }) => codes)),
  }
}

export async function noteDeleted(
  trx: Db,
  row: { slug: string; codes: string[]; now: Date },
): Promise<void> {
  const { slug, codes, now } = row
  await trx.insertInto('deleted_petition').values({ slug, codes, deleted_at: now }).execute()
}

/** For a petition that is published anew under the address. */
export async function forgetDeleted(trx: Db, slug: string): Promise<void> {
  await trx.deleteFrom('deleted_petition').where('slug', '=', slug).execute()
}
