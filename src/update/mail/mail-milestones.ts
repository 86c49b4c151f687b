import type { Counts } from '../../count/counts.ts'
import type { Db } from '../../database.ts'
import { mailsMilestones, offersUpdates, type Petition } from '../../petition/petition.ts'
import { lockPublishing } from '../../petition/petition-rows.ts'
import type { Petitions } from '../../petition/petitions.ts'
import type { Clock } from '../../platform/clock.ts'
import { MOST_A_WEEK } from '../../subscriber/most-a-week.ts'
import { countThisWeek } from './begin-broadcast.ts'
import { insertBroadcast, queueMails } from './broadcast.queries.ts'
import { PER_MINUTE } from './limits.ts'
import { enqueueSlice } from './send-slice.ts'

const FIRST = 100
/** Once the count is so many times a milestone, that is no news: the mails were switched on later. */
const NEWS_UNTIL = 1.5

interface Needs {
  db: Db
  clock: Clock
  petitions: Petitions
  counts: Pick<Counts, 'shown'>
}

/**
 * Mails the subscribers of petitions that have switched it on when the public count has reached 100, 1,000 and so on,
 * each once, and within the mails of a week. The count is the one that everybody sees, so a mail tells nothing more.
 *
 * @returns how many began
 */
export async function mailMilestones(needs: Needs): Promise<number> {
  let begun = 0
  for (const petition of await needs.petitions.listed()) {
    if (!mailsMilestones(petition) || !offersUpdates(petition)) continue
    const { counted } = await needs.counts.shown(petition.id)
    const reached = milestoneOf(counted)
    if (reached !== null && (await beginMilestone(needs, petition, reached, counted))) begun++
  }
  return begun
}

/** The highest that a count has reached; null below the first. */
export function milestoneOf(counted: number): number | null {
  if (counted < FIRST) return null
  return 10 ** Math.floor(Math.log10(counted) + 1e-9)
}

async function beginMilestone(
  { db, clock }: Needs,
  petition: Petition,
  milestone: number,
  counted: number,
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    await lockPublishing(trx, petition.slug)
    const isNews = counted < milestone * NEWS_UNTIL
    const isOneTooMany = (await countThisWeek(trx, clock, petition.id)) >= MOST_A_WEEK
    const state = isNews && !isOneTooMany ? 'sending' : 'skipped'
    const id = await insertBroadcast(trx, {
      petitionId: petition.id,
      updateId: null,
      milestone,
      state,
      perMinute: PER_MINUTE.default,
      now: clock.now(),
    })
    if (id === null || state === 'skipped') return false
    await queueMails(trx, id, petition.id)
    await enqueueSlice(trx, id)
    return true
  })
}
