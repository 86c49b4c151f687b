import type { Selectable } from 'kysely'
import type { Database, Db } from '../database.ts'
import { endLeases } from '../defence/lease-mails.ts'

export type Subscriber = Selectable<Database['subscriber']>
export type NewSubscriber = Omit<Subscriber, 'welcomed'>

/**
 * One row an address: a second time it takes the newer spelling and language, and is welcomed anew.
 *
 * @param rows no two of one petition and tag: a statement can't change a row twice
 */
export async function upsertSubscribers(trx: Db, rows: NewSubscriber[]): Promise<string[]> {
  // In one order everywhere, so that two transactions never wait for each other in a circle.
  const ordered = rows.toSorted((a, b) => a.petition_id - b.petition_id || a.tag.compare(b.tag))
  const upserted = await trx
    .insertInto('subscriber')
    .values(ordered.map((row) => ({ ...row, welcomed: false })))
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
  return upserted.map(({ id }) => id)
}

export async function findSubscriber(db: Db, id: string): Promise<Subscriber | null> {
  const row = await db.selectFrom('subscriber').selectAll().where('id', '=', id).executeTakeFirst()
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
    .selectAll()
    .where('petition_id', '=', petitionId)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
}

export async function markWelcomed(db: Db, id: string): Promise<void> {
  await db.updateTable('subscriber').set({ welcomed: true }).where('id', '=', id).execute()
}

/** Erases the address. The signature stays, and so does the wish that was confirmed with it. Safe to repeat. */
export async function unsubscribe(db: Db, id: string): Promise<void> {
  await db.deleteFrom('subscriber').where('id', '=', id).execute()
  await endLeases(db, [id])
}

export async function deleteByTag(trx: Db, petitionId: number, tag: Buffer): Promise<void> {
  const erased = await trx
    .deleteFrom('subscriber')
    .where('petition_id', '=', petitionId)
    .where('tag', '=', tag)
    .returning('id')
    .execute()
  await endLeases(
    trx,
    erased.map(({ id }) => id),
  )
}

/** For a petition that keeps no list any more. @returns how many addresses were erased */
export async function unsubscribeAll(trx: Db, petitionId: number): Promise<number> {
  const outcome = await trx
    .deleteFrom('subscriber')
    .where('petition_id', '=', petitionId)
    .executeTakeFirst()
  return Number(outcome.numDeletedRows)
}
