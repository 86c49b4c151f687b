import type { Db } from '../database.ts'

export interface NewSubscriber {
  id: string
  petitionId: number
  language: string
  consentVersion: number
  tag: Buffer
  address: Buffer
}

/**
 * One row an address: a second time it takes the newer spelling and language, and is greeted anew.
 *
 * @param rows no two of one petition and tag: a statement can't change a row twice
 */
export async function upsertSubscribers(trx: Db, rows: NewSubscriber[]): Promise<string[]> {
  // In one order everywhere, so that two transactions never wait for each other in a circle.
  const ordered = rows.toSorted((a, b) => a.petitionId - b.petitionId || a.tag.compare(b.tag))
  const kept = await trx
    .insertInto('subscriber')
    .values(
      ordered.map((row) => ({
        id: row.id,
        petition_id: row.petitionId,
        tag: row.tag,
        language: row.language,
        consent_version: row.consentVersion,
        address: row.address,
        welcomed: false,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['petition_id', 'tag']).doUpdateSet((given) => ({
        language: given.ref('excluded.language'),
        consent_version: given.ref('excluded.consent_version'),
        address: given.ref('excluded.address'),
        welcomed: given.ref('excluded.welcomed'),
      })),
    )
    .returning('id')
    .execute()
  return kept.map(({ id }) => id)
}

export interface Subscriber {
  id: string
  petition_id: number
  language: string
  consent_version: number
  tag: Buffer
  address: Buffer
  welcomed: boolean
}

const COLUMNS = [
  'id',
  'petition_id',
  'language',
  'consent_version',
  'tag',
  'address',
  'welcomed',
] as const

export async function findSubscriber(db: Db, id: string): Promise<Subscriber | null> {
  const row = await db
    .selectFrom('subscriber')
    .select(COLUMNS)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

/** The next of a petition's subscribers after an id, by id. */
export async function listPage(
  trx: Db,
  petitionId: number,
  { after, limit }: { after: string; limit: number },
): Promise<Subscriber[]> {
  return trx
    .selectFrom('subscriber')
    .select(COLUMNS)
    .where('petition_id', '=', petitionId)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
}

export async function markWelcomed(db: Db, id: string): Promise<void> {
  await db.updateTable('subscriber').set({ welcomed: true }).where('id', '=', id).execute()
}

export async function deleteSubscriber(db: Db, id: string): Promise<void> {
  await db.deleteFrom('subscriber').where('id', '=', id).execute()
}

export async function deleteByTag(trx: Db, petitionId: number, tag: Buffer): Promise<void> {
  await trx
    .deleteFrom('subscriber')
    .where('petition_id', '=', petitionId)
    .where('tag', '=', tag)
    .execute()
}

/** @returns how many rows went. */
export async function deleteAll(trx: Db, petitionId: number): Promise<number> {
  const outcome = await trx
    .deleteFrom('subscriber')
    .where('petition_id', '=', petitionId)
    .executeTakeFirst()
  return Number(outcome.numDeletedRows)
}
