import { isDeepStrictEqual } from 'node:util'
import type { Counts } from '../count/counts.ts'
import type { Db } from '../database.ts'
import { anyLanguagePath } from '../petition/paths.ts'
import type { Petition } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { stageOf } from '../petition/stages.ts'
import { ago, type Clock, DAY, MINUTE } from '../platform/clock.ts'
import { holdLock } from '../platform/database/locks.ts'
import type { Targets } from '../target/targets.ts'
import type { Updates } from '../update/updates.ts'
import { enqueueDelivery } from './deliver-event.ts'
import {
  forgetEvents,
  insertDelivery,
  insertEvent,
  listDue,
  replaceWaiting,
} from './delivery.queries.ts'
import { findEvents, type Sight, toldNow, type WebhookEvent } from './find-events.ts'
import {
  forgetFormerSecrets,
  listTold,
  listWebhooks,
  TELLING_LOCK,
  type WebhookRow,
  writeTold,
} from './webhook.queries.ts'
import { newMessageId } from './webhook-secret.ts'

const KEPT_MS = 30 * DAY
/** A job that was lost, as with an older backup, is enqueued anew. */
const OVERDUE_MS = 10 * MINUTE

export interface NoteNeeds {
  config: { publicUrl: string }
  db: Db
  clock: Clock
  petitions: Pick<Petitions, 'published'>
  counts: Pick<Counts, 'shown'>
  updates: Pick<Updates, 'of'>
  targets: Pick<Targets, 'of'>
}

/**
 * Compares each petition with what was told of it, and queues what is new for the webhooks that want it. A look a
 * minute finds all, whichever verb or day brought it about.
 *
 * @returns how many events there were
 */
export async function noteEvents(needs: NoteNeeds): Promise<number> {
  const { db, clock } = needs
  const noted = await holdLock(db, TELLING_LOCK, async (trx) => {
    await forgetFormerSecrets(trx, clock.now())
    const webhooks = await listWebhooks(trx)
    if (webhooks.length === 0) return 0
    const told = await listTold(trx)
    let count = 0
    for (const petition of await needs.petitions.published()) {
      const before = told.get(petition.id) ?? null
      const sight = await look(needs, petition)
      const { publicUrl } = needs.config
      const found = findEvents(before, sight, { now: clock.now(), publicUrl })
      if (!isDeepStrictEqual(found.told, before)) await writeTold(trx, petition.id, found.told)
      for (const event of found.events) await queue(trx, needs, { petition, event, webhooks })
      count += found.events.length
    }
    for (const { id, webhook_id } of await listDue(trx, ago(clock, OVERDUE_MS))) {
      await enqueueDelivery(trx, { delivery: id, webhook: webhook_id })
    }
    await forgetEvents(trx, ago(clock, KEPT_MS))
    return count
  })
  return noted ?? 0
}

/** All that is so far is no news: for the first webhook. */
export async function noteSilently(trx: Db, needs: NoteNeeds): Promise<void> {
  for (const petition of await needs.petitions.published()) {
    await writeTold(trx, petition.id, toldNow(await look(needs, petition), needs.clock.now()))
  }
}

async function look(needs: NoteNeeds, petition: Petition): Promise<Sight> {
  return {
    petition,
    stage: stageOf(petition, needs.clock),
    counted: (await needs.counts.shown(petition.id)).counted,
    updates: await needs.updates.of(petition),
    targets: await needs.targets.of(petition),
  }
}

async function queue(
  trx: Db,
  { clock, config }: NoteNeeds,
  given: { petition: Petition; event: WebhookEvent; webhooks: WebhookRow[] },
): Promise<void> {
  const { petition, event, webhooks } = given
  const { type } = event
  const wanting = webhooks.filter(
    ({ petition_id, events }) =>
      events.includes(type) && (petition_id === null || petition_id === petition.id),
  )
  if (wanting.length === 0) return
  const now = clock.now()
  const body = writeBody({ config, now }, petition, event)
  const message = { message_id: newMessageId(), petition_id: petition.id, type, at: now, body }
  const eventId = await insertEvent(trx, message)
  for (const { id: webhookId } of wanting) {
    const about = { webhookId, petitionId: petition.id, type, eventId }
    if (type === 'count.moved' && (await replaceWaiting(trx, about))) continue
    const row = { webhook_id: webhookId, event_id: eventId, due_at: now }
    const delivery = await insertDelivery(trx, row)
    await enqueueDelivery(trx, { delivery, webhook: webhookId })
  }
}

/** As the Standard Webhooks scheme has it: type, timestamp, data. @param petition null in a test */
export function writeBody(
  { config, now }: { config: { publicUrl: string }; now: Date },
  petition: Petition | null,
  { type, data }: { type: string; data: Record<string, unknown> },
): string {
  const about = petition && {
    slug: petition.slug,
    url: `${config.publicUrl}${anyLanguagePath(petition.slug)}`,
    api: `${config.publicUrl}/api/v1/petitions/${petition.slug}`,
  }
  return JSON.stringify({ type, timestamp: now.toISOString(), data: { petition: about, ...data } })
}
