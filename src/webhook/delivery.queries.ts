import { type Selectable, sql } from 'kysely'
import type { Db } from '../database.ts'
import type { WebhookDeliveryTable, WebhookEventTable } from './webhook.table.ts'

export type DeliveryRow = Selectable<WebhookDeliveryTable> &
  Pick<Selectable<WebhookEventTable>, 'message_id' | 'type' | 'body' | 'at'>

export async function insertEvent(
  trx: Db,
  row: { message_id: string; petition_id: number; type: string; at: Date; body: string },
): Promise<string> {
  const { id } = await trx
    .insertInto('webhook_event')
    .values(row)
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** With the older event of its type that still waits, if there is one: only the newest count means something. */
export async function replaceWaiting(
  trx: Db,
  { webhookId, petitionId, type, eventId }: { webhookId: number; petitionId: number; type: string; eventId: string }, // biome-ignore format: one line
): Promise<boolean> {
  const { rows } = await sql`
    update webhook_delivery set event_id = ${eventId}
      from webhook_event as former
     where former.id = event_id and webhook_id = ${webhookId} and state = 'waiting'
       and former.petition_id = ${petitionId} and former.type = ${type}
    returning webhook_delivery.id`.execute(trx)
  return rows.length > 0
}

export async function insertDelivery(
  trx: Db,
  row: { webhook_id: number; event_id: string; due_at: Date },
): Promise<string> {
  const { id } = await trx
    .insertInto('webhook_delivery')
    .values(row)
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

const selectDeliveries = (db: Db) =>
  db
    .selectFrom('webhook_delivery')
    .innerJoin('webhook_event', 'webhook_event.id', 'event_id')
    .selectAll('webhook_delivery')
    .select(['message_id', 'type', 'body', 'at'])

export async function findDelivery(db: Db, id: string): Promise<DeliveryRow | null> {
  const row = await selectDeliveries(db).where('webhook_delivery.id', '=', id).executeTakeFirst()
  return row ?? null
}

/** Those that were given up, the oldest first; of one webhook, or of all. */
export const listFailed = (db: Db, webhookId?: number): Promise<DeliveryRow[]> =>
  selectDeliveries(db)
    .where('state', '=', 'failed')
    .$if(webhookId !== undefined, (query) => query.where('webhook_id', '=', webhookId!))
    .orderBy('webhook_delivery.id')
    .execute()

/** Those of a webhook that have ended and are meant by the message's id, or all that failed. */
export const listReplayable = (
  trx: Db,
  webhookId: number,
  messageId: string | null,
): Promise<DeliveryRow[]> =>
  selectDeliveries(trx)
    .where('webhook_id', '=', webhookId)
    .where((eb) =>
      messageId === null
        ? eb('state', '=', 'failed')
        : eb.and([eb('message_id', '=', messageId), eb('state', '!=', 'waiting')]),
    )
    .orderBy('webhook_delivery.id')
    .forUpdate('webhook_delivery')
    .execute()

/** @param eventId that the change is about; a newer one may have taken its place meanwhile: then false */
export async function changeDelivery(
  trx: Db,
  { id, eventId }: { id: string; eventId: string },
  change: Partial<Omit<Selectable<WebhookDeliveryTable>, 'id'>>,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('webhook_delivery')
    .set(change)
    .where('id', '=', id)
    .where('event_id', '=', eventId)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** Waiting ones that were due at that time and wait for no pause to end. */
export async function listDue(db: Db, before: Date, webhookId?: number): Promise<DueDelivery[]> {
  return db
    .selectFrom('webhook_delivery')
    .innerJoin('webhook', 'webhook.id', 'webhook_id')
    .select(['webhook_delivery.id', 'webhook_id'])
    .where('state', '=', 'waiting')
    .where('paused_at', 'is', null)
    .where('due_at', '<=', before)
    .$if(webhookId !== undefined, (query) => query.where('webhook_id', '=', webhookId!))
    .orderBy('webhook_delivery.id')
    .execute()
}

export interface DueDelivery {
  id: string
  webhook_id: number
}

export interface DeliveryCounts {
  waiting: number
  failed: number
  deliveredAt: Date | null
}

/** By webhook id. */
export async function countDeliveries(db: Db): Promise<Map<number, DeliveryCounts>> {
  const { rows } = await sql<DeliveryCounts & { webhook_id: number }>`
    select webhook_id, count(*) filter (where state = 'waiting')::int as waiting,
           count(*) filter (where state = 'failed')::int as failed,
           max(ended_at) filter (where state = 'delivered') as "deliveredAt"
      from webhook_delivery group by webhook_id`.execute(db)
  return new Map(rows.map(({ webhook_id, ...counts }) => [webhook_id, counts]))
}

/** With their deliveries. */
export async function forgetEvents(db: Db, before: Date): Promise<void> {
  await db.deleteFrom('webhook_event').where('at', '<', before).execute()
}
