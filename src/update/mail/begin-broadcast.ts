import type { Asking, Proposal } from '../../actions/agreement.ts'
import { type Acting, noteAction } from '../../actions/note-action.ts'
import type { Db } from '../../database.ts'
import { offersUpdates, type Petition } from '../../petition/petition.ts'
import { lockPublishing } from '../../petition/petition-rows.ts'
import { ago, type Clock } from '../../platform/clock.ts'
import { MOST_A_WEEK } from '../../subscriber/most-a-week.ts'
import { listUpdates, type Update } from '../update-rows.ts'
import {
  countBegunSince,
  countSubscribers,
  insertBroadcast,
  queueMails,
  wasMailed,
} from './broadcast.queries.ts'
import { WEEK_MS } from './limits.ts'
import { enqueueSlice } from './send-slice.ts'

/** Why an update is not mailed. */
export type NotMailed =
  | 'not shown'
  | 'keeps no list'
  | 'nobody to mail'
  | 'mailed already'
  /** Mailings in this week. */
  | 'too many'

export interface BroadcastOptions {
  /** Mails a minute. */
  perMinute: number
  /** More than MOST_A_WEEK are meant. */
  beyondLimit: boolean
}

/** What would be mailed, and to how many, by language. */
export interface Mailing extends Proposal {
  texts: Update['texts']
  /** Mailings of the last seven days. */
  thisWeek: number
  figures: Record<string, number>
}

type About = { petition: Petition; update: Update } & BroadcastOptions

/**
 * Mails an update to the petition's subscribers of this moment: their mails are queued in one statement, and jobs send
 * them behind all others. Each update is mailed once.
 */
export const beginningBroadcast = (
  acting: Acting,
  { petition, update, ...options }: About,
): Asking<Mailing, NotMailed, { begun: number; total: number }> => ({
  async survey(trx) {
    // Its links would lead to a page that says so.
    if (!petition.publishedAt || petition.hiddenAt) return 'not shown'
    if (!offersUpdates(petition)) return 'keeps no list'
    await lockPublishing(trx, petition.slug)
    if (await wasMailed(trx, update.id)) return 'mailed already'
    const counts = await countSubscribers(trx, petition.id)
    if (counts.length === 0) return 'nobody to mail'
    const thisWeek = await countThisWeek(trx, acting.clock, petition.id)
    if (thisWeek >= MOST_A_WEEK && !options.beyondLimit) return 'too many'
    const present = (await listUpdates(trx, petition.id)).find(({ id }) => id === update.id)
    return {
      losses: ['a mail that went out never comes back'],
      texts: present!.texts,
      thisWeek,
      figures: Object.fromEntries(counts.map((each) => [each.language, each.subscribers])),
    }
  },
  async work(trx, { thisWeek }) {
    const id = await insertBroadcast(trx, {
      petitionId: petition.id,
      updateId: update.id,
      milestone: null,
      state: 'sending',
      perMinute: options.perMinute,
      now: acting.clock.now(),
    })
    if (id === null) throw new Error(`${update.name} was mailed behind the lock of its petition`)
    const total = await queueMails(trx, id, petition.id)
    await enqueueSlice(trx, id)
    await noteAction(trx, acting, {
      what: 'update mail',
      petition,
      after: { name: update.name, subscribers: total, ...options, beforeInWeek: thisWeek },
    })
    return { begun: id, total }
  },
})

export const countThisWeek = (db: Db, clock: Clock, petitionId: number): Promise<number> =>
  countBegunSince(db, petitionId, ago(clock, WEEK_MS))
