import type { Asking, Proposal } from '../actions/agreement.ts'
import { type Acting, noteAction } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import { HOUR } from '../platform/clock.ts'
import { ExpectedError } from '../platform/expected-error.ts'
import type { Keyring } from '../platform/keyring.ts'
import { type PostMeans, whyRefused } from '../platform/post-outside.ts'
import { enqueueDelivery } from './deliver-event.ts'
import { changeDelivery, listDue, listReplayable } from './delivery.queries.ts'
import { EVENTS } from './find-events.ts'
import { type NoteNeeds, noteSilently } from './note-events.ts'
import {
  changeWebhook,
  deleteWebhook,
  findWebhook,
  insertWebhook,
  listWebhooks,
  type WebhookRow,
  waitForTelling,
} from './webhook.queries.ts'
import { decryptWebhook, encryptWebhook, newSecret } from './webhook-secret.ts'

/** It can't be done; one line says why, and what to do. */
export class WebhookError extends ExpectedError {}

/** Each of them is told every event, one after the other. */
const MOST = 20
const URL_MAX = 2000

export interface NewWebhook {
  url: string
  /** Null: of all petitions, later ones too. */
  petition: Petition | null
  events: string[]
}

/** @returns the secret, which is shown this once. @throws WebhookError */
export async function addWebhook(
  trx: Db,
  needs: NoteNeeds & Acting & { keyring: Keyring; post: PostMeans },
  { url: given, petition, events }: NewWebhook,
): Promise<{ id: number; secret: string }> {
  const { clock, keyring } = needs
  const url = readUrl(given, needs.post)
  const unknown = events.find((event) => !(EVENTS as readonly string[]).includes(event))
  if (unknown)
    throw new WebhookError(`there is no event ${unknown}: there are ${EVENTS.join(', ')}`)
  if (events.length === 0) throw new WebhookError(`name an event: there are ${EVENTS.join(', ')}`)
  await waitForTelling(trx)
  const others = await listWebhooks(trx)
  if (others.length >= MOST) throw new WebhookError(`there are ${MOST} webhooks: remove one first`)
  if (others.length === 0) await noteSilently(trx, needs)
  const secret = newSecret()
  const id = await insertWebhook(trx, {
    petition_id: petition?.id ?? null,
    url: encryptWebhook(keyring, 'url', url.href),
    events: [...new Set(events)],
    secret: encryptWebhook(keyring, 'secret', secret),
    created_at: clock.now(),
  })
  await noteAction(trx, needs, {
    what: 'webhook add',
    petition,
    after: { webhook: id, host: url.host, events },
  })
  return { id, secret }
}

function readUrl(text: string, post: PostMeans): URL {
  if (!URL.canParse(text) || text.length > URL_MAX) {
    throw new WebhookError('the address is none: write it as https://example.org/hook')
  }
  const url = new URL(text)
  const refused = whyRefused(url, post)
  if (refused) throw new WebhookError(`the address is refused: ${refused}`)
  url.hash = ''
  return url
}

/** @throws WebhookError */
export async function getWebhook(db: Db, id: number): Promise<WebhookRow> {
  const webhook = await findWebhook(db, id)
  if (webhook) return webhook
  throw new WebhookError(
    `there is no webhook ${id}: "undersigned webhook list" shows those there are`,
  )
}

/** Events wait until it is resumed; of counts the newest alone. @throws WebhookError */
export async function pauseWebhook(trx: Db, acting: Acting, id: number): Promise<void> {
  const webhook = await getWebhook(trx, id)
  if (webhook.paused_at) throw new WebhookError(`webhook ${id} is paused already: nothing to do`)
  await changeWebhook(trx, id, { paused_at: acting.clock.now(), paused_why: null })
  await note(trx, acting, 'webhook pause', id)
}

/** @returns how many wait to be delivered. @throws WebhookError */
export async function resumeWebhook(trx: Db, acting: Acting, id: number): Promise<number> {
  const webhook = await getWebhook(trx, id)
  if (!webhook.paused_at) throw new WebhookError(`webhook ${id} is not paused: nothing to do`)
  await changeWebhook(trx, id, { paused_at: null, paused_why: null })
  const due = await listDue(trx, new Date(8.64e15), id)
  for (const delivery of due) await enqueueDelivery(trx, { delivery: delivery.id, webhook: id })
  await note(trx, acting, 'webhook resume', id)
  return due.length
}

/** Also one whose address can't be read any more. @throws WebhookError */
export const removingWebhook = (
  acting: Acting & { keyring: Keyring },
  id: number,
): Asking<Proposal & { host: string | null }, never, void> => ({
  async survey(trx) {
    const readable = decryptWebhook(acting.keyring, 'url', (await getWebhook(trx, id)).url)
    const losses = ['its secret is forgotten, with what waits for it']
    return { losses, host: readable && new URL(readable).host }
  },
  async work(trx, { host }) {
    await deleteWebhook(trx, id)
    await note(trx, acting, 'webhook remove', id, { host })
  },
})

/** A new secret; the one before signs beside it for so many hours. @throws WebhookError */
export async function rotateSecret(
  trx: Db,
  acting: Acting & { keyring: Keyring },
  id: number,
  hours: number,
): Promise<string> {
  const { secret: former } = await getWebhook(trx, id)
  const secret = newSecret()
  const until = hours > 0 ? new Date(acting.clock.now().getTime() + hours * HOUR) : null
  await changeWebhook(trx, id, {
    secret: encryptWebhook(acting.keyring, 'secret', secret),
    former_secret: until && former,
    former_until: until,
  })
  await note(trx, acting, 'webhook rotate', id, { formerUntil: until?.toISOString() ?? null })
  return secret
}

/** Sends again what failed, or one message that has ended. @throws WebhookError @returns how many */
export async function replayEvents(
  trx: Db,
  acting: Acting,
  id: number,
  messageId: string | null,
): Promise<number> {
  await getWebhook(trx, id)
  const deliveries = await listReplayable(trx, id, messageId)
  if (deliveries.length === 0) {
    throw new WebhookError(
      messageId
        ? `webhook ${id} has no message ${messageId} that has ended: they are kept for 30 days`
        : `webhook ${id} has no event that failed: nothing to do`,
    )
  }
  for (const { id: delivery, event_id: eventId } of deliveries) {
    const again = {
      state: 'waiting',
      tries: 0,
      ended_at: null,
      due_at: acting.clock.now(),
    } as const
    await changeDelivery(trx, { id: delivery, eventId }, again)
    await enqueueDelivery(trx, { delivery, webhook: id })
  }
  const messages = deliveries.map(({ message_id }) => message_id)
  await note(trx, acting, 'webhook replay', id, { messages })
  return deliveries.length
}

const note = (
  trx: Db,
  acting: Acting,
  what: string,
  webhook: number,
  facts: Record<string, string | string[] | null> = {},
) => noteAction(trx, acting, { what, petition: null, after: { webhook, ...facts } })
