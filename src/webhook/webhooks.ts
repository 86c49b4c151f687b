import { type Agree, type Proposal, whenAgreed } from '../actions/agreement.ts'
import { type Actor, noteAction } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import type { Keyring } from '../platform/keyring.ts'
import type { PostMeans } from '../platform/post-outside.ts'
import { type DeliverWebhookJob, deliverEvent, postEvent, whyFailed } from './deliver-event.ts'
import { countDeliveries, type DeliveryCounts, listFailed } from './delivery.queries.ts'
import {
  addWebhook,
  getWebhook,
  type NewWebhook,
  pauseWebhook,
  removingWebhook,
  replayEvents,
  resumeWebhook,
  rotateSecret,
} from './manage-webhooks.ts'
import { type NoteNeeds, noteEvents, writeBody } from './note-events.ts'
import { listWebhooks } from './webhook.queries.ts'
import { decryptWebhook, newMessageId } from './webhook-secret.ts'

export { EVENTS } from './find-events.ts'

export type Webhooks = ReturnType<typeof createWebhooks>

export interface ListedWebhook extends DeliveryCounts {
  id: number
  /** Null where it can't be read: SECRET_KEY is another one. */
  url: string | null
  petitionId: number | null
  events: string[]
  pausedAt: Date | null
  /** Why it was paused by itself. */
  pausedWhy: string | null
}

interface Needs extends NoteNeeds {
  config: { publicUrl: string; production: boolean }
  keyring: Keyring
}

/** The room of what organisers' own systems are told. @param reach how their addresses are reached; for tests */
export function createWebhooks(needs: Needs, reach: Partial<PostMeans> = {}) {
  const { db, clock, config, keyring } = needs
  const post: PostMeans = { allowLoopback: !config.production, ...reach }
  const change = <T>(work: (trx: Db) => Promise<T>) => db.transaction().execute(work)
  return {
    add: (webhook: NewWebhook, by: Actor) =>
      change((trx) => addWebhook(trx, { ...needs, post, by }, webhook)),
    async list(): Promise<ListedWebhook[]> {
      const counts = await countDeliveries(db)
      return (await listWebhooks(db)).map((row) => ({
        id: row.id,
        url: decryptWebhook(keyring, 'url', row.url),
        petitionId: row.petition_id,
        events: row.events,
        pausedAt: row.paused_at,
        pausedWhy: row.paused_why,
        ...(counts.get(row.id) ?? { waiting: 0, failed: 0, deliveredAt: null }),
      }))
    },
    pause: (id: number, by: Actor) => change((trx) => pauseWebhook(trx, { clock, by }, id)),
    resume: (id: number, by: Actor) => change((trx) => resumeWebhook(trx, { clock, by }, id)),
    /** @throws NotAgreedError, WebhookError */
    remove: (id: number, by: Actor, agree: Agree<Proposal & { host: string | null }>) =>
      whenAgreed(db, agree, removingWebhook({ clock, keyring, by }, id)),
    rotate: (id: number, by: Actor, hours: number) =>
      change((trx) => rotateSecret(trx, { clock, keyring, by }, id, hours)),
    failed: (id?: number) => listFailed(db, id),
    replay: (id: number, by: Actor, messageId: string | null = null) =>
      change((trx) => replayEvents(trx, { clock, by }, id, messageId)),
    /** Sends a message of the type `test`, now and once. @returns why it failed; null where the receiver has it */
    async test(id: number, by: Actor): Promise<string | null> {
      const webhook = await getWebhook(db, id)
      const data = { webhook: id }
      const body = writeBody({ config, now: clock.now() }, null, { type: 'test', data })
      const posted = await postEvent({ clock, keyring, post }, webhook, {
        message_id: newMessageId(),
        body,
      })
      const why = whyFailed(posted)
      const after = { webhook: id, failed: why }
      await change((trx) =>
        noteAction(trx, { clock, by }, { what: 'webhook test', petition: null, after }),
      )
      return why
    },
    /** The jobs. */
    noteEvents: () => noteEvents(needs),
    deliver: (job: DeliverWebhookJob) => deliverEvent({ db, clock, keyring, post }, job),
  }
}
