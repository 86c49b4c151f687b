import { type Acting, noteAction } from '../../actions/note-action.ts'
import type { Db } from '../../database.ts'
import { offersUpdates, type Petition } from '../../petition/petition.ts'
import { lockPublishing } from '../../petition/petition-rows.ts'
import { ago, type Clock } from '../../platform/clock.ts'
import { MOST_A_WEEK } from '../../subscriber/most-a-week.ts'
import type { Update } from '../update-rows.ts'
import { countBegunSince, insertBroadcast, queueMails } from './broadcast.queries.ts'
import { WEEK_MS } from './limits.ts'
import { enqueueSlice } from './send-slice.ts'

export type Begun =
  | { begun: number; total: number }
  | 'not shown'
  | 'keeps no list'
  | 'nobody to mail'
  | 'mailed already'
  | { tooMany: number }

export interface BroadcastOptions {
  /** Mails a minute. */
  perMinute: number
  /** More than MOST_A_WEEK are meant. */
  beyondLimit: boolean
}

/**
 * Mails an update to the petition's subscribers of this moment: their mails are queued in one statement, and jobs send
 * them behind all others. Each update is mailed once. Call it in a transaction.
 */
export async function beginBroadcast(
  trx: Db,
  acting: Acting,
  { petition, update, ...options }: { petition: Petition; update: Update } & BroadcastOptions,
): Promise<Begun> {
  // Its links would lead to a page that says so.
  if (!petition.publishedAt || petition.hiddenAt) return 'not shown'
  if (!offersUpdates(petition)) return 'keeps no list'
  await lockPublishing(trx, petition.slug)
  const before = await countThisWeek(trx, acting.clock, petition.id)
  const id = await insertBroadcast(trx, {
    petitionId: petition.id,
    updateId: update.id,
    milestone: null,
    state: 'sending',
    perMinute: options.perMinute,
    now: acting.clock.now(),
  })
  if (id === null) return 'mailed already'
  // What was inserted goes with the transaction: the caller undoes it for each refusal.
  if (before >= MOST_A_WEEK && !options.beyondLimit) return { tooMany: before }
  const total = await queueMails(trx, id, petition.id)
  if (total === 0) return 'nobody to mail'
  await enqueueSlice(trx, id)
  await noteAction(trx, acting, {
    what: 'update mail',
    petition,
    after: { name: update.name, subscribers: total, ...options, beforeInWeek: before },
  })
  return { begun: id, total }
}

export const countThisWeek = (db: Db, clock: Clock, petitionId: number): Promise<number> =>
  countBegunSince(db, petitionId, ago(clock, WEEK_MS))
