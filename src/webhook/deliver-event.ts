import type { Db } from '../database.ts'
import { type Clock, HOUR, MINUTE, SECOND } from '../platform/clock.ts'
import { addJob } from '../platform/jobs/add-job.ts'
import type { Keyring } from '../platform/keyring.ts'
import { type Posted, type PostMeans, postOutside } from '../platform/post-outside.ts'
import { changeDelivery, type DeliveryRow, findDelivery } from './delivery.queries.ts'
import { changeWebhook, findWebhook, type WebhookRow } from './webhook.queries.ts'
import { decryptWebhook, signHeaders } from './webhook-secret.ts'

export const DELIVER_WEBHOOK = 'deliver-webhook'

export interface DeliverWebhookJob {
  delivery: string
  webhook: number
}

/** Before each further try, as the Standard Webhooks scheme proposes: some three days in all. */
const PAUSES_MS = [
  ...[5 * SECOND, 5 * MINUTE, 30 * MINUTE],
  ...[2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR],
]
/** So many jobs at most wait for receivers, whatever these do: the other places are for mails. */
const LANES = 3
const GONE = 410

export interface DeliverNeeds {
  db: Db
  clock: Clock
  keyring: Keyring
  post: PostMeans
}

/** In place of one that waits. A webhook's are sent one after the other, behind all other jobs. */
export const enqueueDelivery = (trx: Db, { delivery, webhook }: DeliverWebhookJob, delay = 0) =>
  addJob(
    trx,
    DELIVER_WEBHOOK,
    { delivery, webhook },
    {
      ...{ key: `${DELIVER_WEBHOOK}:${delivery}`, delay, behind: true },
      queue: `webhooks-${webhook % LANES}`,
    },
  )

export type DeliveryOutcome =
  | 'delivered'
  | 'nothing to do'
  | { why: string; next: 'again' | 'given up' | 'paused' }

/** Tries once. Safe to run twice: the receiver recognises the message by its id. */
export async function deliverEvent(
  needs: DeliverNeeds,
  { delivery: id, webhook: webhookId }: DeliverWebhookJob,
): Promise<DeliveryOutcome> {
  const { db, clock } = needs
  const delivery = await findDelivery(db, id)
  const webhook = await findWebhook(db, webhookId)
  if (delivery?.state !== 'waiting' || !webhook || webhook.paused_at) return 'nothing to do'
  const posted = await postEvent(needs, webhook, delivery)
  const why = whyFailed(posted)
  return db.transaction().execute(async (trx) => {
    const now = clock.now()
    const meant = { id, eventId: delivery.event_id }
    if (why === null) {
      const ended = { state: 'delivered', ended_at: now, why: null } as const
      const isNewest = await changeDelivery(trx, meant, { ...ended, tries: delivery.tries + 1 })
      if (!isNewest) await beginAnew(trx, webhookId, id, now)
      return 'delivered'
    }
    return putOff(trx, { delivery, webhookId, why, now, isGone: isGone(posted) })
  })
}

/** A newer count took the place of the one that was under way. */
async function beginAnew(trx: Db, webhook: number, delivery: string, now: Date): Promise<void> {
  const found = await findDelivery(trx, delivery)
  if (!found) return
  await changeDelivery(
    trx,
    { id: delivery, eventId: found.event_id },
    { tries: 0, due_at: now, why: null },
  )
  await enqueueDelivery(trx, { delivery, webhook })
}

/** The same event, or a newer count that took its place meanwhile. */
async function putOff(
  trx: Db,
  given: { delivery: DeliveryRow; webhookId: number; why: string; now: Date; isGone: boolean },
): Promise<DeliveryOutcome> {
  const { delivery, webhookId, why, now } = given
  const { event_id: eventId } = (await findDelivery(trx, delivery.id)) ?? delivery
  const meant = { id: delivery.id, eventId }
  const tries = delivery.tries + 1
  if (given.isGone) {
    await changeWebhook(trx, webhookId, { paused_at: now, paused_why: why })
    await changeDelivery(trx, meant, { tries, why })
    return { why, next: 'paused' }
  }
  const pause = PAUSES_MS[delivery.tries]
  if (pause === undefined) {
    await changeDelivery(trx, meant, { state: 'failed', tries, ended_at: now, why })
    return { why, next: 'given up' }
  }
  const due_at = new Date(now.getTime() + pause)
  await changeDelivery(trx, meant, { tries, why, due_at })
  await enqueueDelivery(trx, { delivery: delivery.id, webhook: webhookId }, pause)
  return { why, next: 'again' }
}

const UNREADABLE =
  'its address or secret can’t be read: SECRET_KEY is another one; remove it and add it anew'

export async function postEvent(
  { clock, keyring, post }: Omit<DeliverNeeds, 'db'>,
  webhook: WebhookRow,
  { message_id: messageId, body }: Pick<DeliveryRow, 'message_id' | 'body'>,
): Promise<Posted> {
  const now = clock.now()
  const isCurrent = webhook.former_until !== null && webhook.former_until > now
  const secrets = [webhook.secret, ...(isCurrent ? [webhook.former_secret!] : [])].map((secret) =>
    decryptWebhook(keyring, 'secret', secret),
  )
  const url = decryptWebhook(keyring, 'url', webhook.url)
  if (url === null || !secrets.every((secret) => secret !== null)) return { why: UNREADABLE }
  const headers = {
    ...{ 'content-type': 'application/json', 'user-agent': 'Undersigned-Webhooks' },
    ...signHeaders(secrets, { messageId, body, now }),
  }
  return postOutside(new URL(url), { headers, body }, post)
}

/** The receiver asks for no more. */
const isGone = (posted: Posted) => 'status' in posted && posted.status === GONE

/** Null where the receiver has it. */
export function whyFailed(posted: Posted): string | null {
  if ('why' in posted) return posted.why
  const { status } = posted
  if (status >= 200 && status < 300) return null
  return status >= 300 && status < 400
    ? `it answered ${status}: redirects are not followed`
    : `it answered ${status}`
}
