import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Db } from '../database.ts'
import type { Told } from './find-events.ts'
import type { WebhookTable } from './webhook.table.ts'

export type WebhookRow = Selectable<WebhookTable>

/** Events are found, and what was told is written, by one process at a time. */
export const TELLING_LOCK = 'webhooks'

export async function waitForTelling(trx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${TELLING_LOCK}, 0))`.execute(trx)
}

export const listWebhooks = (db: Db): Promise<WebhookRow[]> =>
  db.selectFrom('webhook').selectAll().orderBy('id').execute()

export async function findWebhook(db: Db, id: number): Promise<WebhookRow | null> {
  const row = await db.selectFrom('webhook').selectAll().where('id', '=', id).executeTakeFirst()
  return row ?? null
}

export async function insertWebhook(trx: Db, row: Insertable<WebhookTable>): Promise<number> {
  const { id } = await trx
    .insertInto('webhook')
    .values(row)
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export async function changeWebhook(
  trx: Db,
  id: number,
  change: Updateable<WebhookTable>,
): Promise<void> {
  await trx.updateTable('webhook').set(change).where('id', '=', id).execute()
}

/** Secrets that no longer sign beside the new ones. */
export async function forgetFormerSecrets(trx: Db, now: Date): Promise<void> {
  await trx
    .updateTable('webhook')
    .set({ former_secret: null, former_until: null })
    .where('former_until', '<=', now)
    .execute()
}

export async function deleteWebhook(trx: Db, id: number): Promise<void> {
  await trx.deleteFrom('webhook').where('id', '=', id).execute()
}

/** By petition id. */
export async function listTold(db: Db): Promise<Map<number, Told>> {
  const rows = await db.selectFrom('webhook_told').selectAll().execute()
  return new Map(rows.map(({ petition_id, ...told }) => [petition_id, told]))
}

export async function writeTold(trx: Db, petitionId: number, told: Told): Promise<void> {
  await trx
    .insertInto('webhook_told')
    .values({ petition_id: petitionId, ...told })
    .onConflict((oc) => oc.column('petition_id').doUpdateSet(told))
    .execute()
}
