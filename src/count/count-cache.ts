import type { Database, Db } from '../database.ts'
import type { Petitions } from '../petition/petitions.ts'
import { keepFresh } from '../platform/cache.ts'
import { type Clock, HOUR } from '../platform/clock.ts'
import type { PublicReads } from '../platform/database/read-replica.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import { publicTotal } from './public-figures.ts'
import {
  type Count,
  eventsOf,
  isNoOlder,
  noCount,
  readCounts,
  readLoggedCounts,
} from './read-counts.ts'

/** With the tally's own step this keeps a shown count less than two seconds behind the truth. */
const MAX_AGE_MS = 500
/** As long as entries wait for a batch of the log at most. */
const HELD_FOR = 6 * HOUR

/** The count of a petition as everybody may see it; the last known one while the database is away. */
export type CountCache = (petitionId: number) => Promise<Count>

/** @param step in which a guarded petition's count moves between two batches of the log */
export function createCountCache(
  publicReads: PublicReads<Database>,
  petitions: Pick<Petitions, 'findById'>,
  step: number,
  clock: Clock,
  maxAge = MAX_AGE_MS,
): CountCache {
  let shown = { logged: new Map<number, Count>(), exact: new Map<number, Count>() }
  const held = keepFresh({
    maxAge,
    load: async () => {
      // A replica that is behind what was shown is passed over: no count goes back.
      shown = await publicReads.read(
        readBoth,
        ({ logged, exact }) => isNoOlder(logged, shown.logged) && isNoOlder(exact, shown.exact),
      )
      return shown
    },
    mayBeStale: isDatabaseAway,
  })
  const steps = createStepHolder(clock)
  return async (petitionId) => {
    const petition = await petitions.findById(petitionId)
    const counts = await held.get()
    const logged = counts.logged.get(petitionId) ?? noCount()
    const exact = counts.exact.get(petitionId) ?? noCount()
    const least = steps.leastOf(petitionId, logged)
    const count = publicTotal(petition, { logged, exact }, step, least)
    steps.hold(petitionId, logged, count.counted - logged.counted)
    return count
  }
}

/**
 * Between two batches a guarded count doesn't fall, or whoever has brought it to the edge of a step would see
 * the moment in which somebody leaves. Each process knows what it has shown itself.
 */
function createStepHolder(clock: Clock) {
  const shown = new Map<number, { events: number; more: number; until: number }>()
  return {
    leastOf(petitionId: number, logged: Count): number {
      const last = shown.get(petitionId)
      const holds = last?.events === eventsOf(logged) && clock.now().getTime() < last.until
      return holds ? last.more : 0
    },
    hold(petitionId: number, logged: Count, more: number): void {
      const last = shown.get(petitionId)
      const events = eventsOf(logged)
      if (last?.events === events && last.more === more) return
      shown.set(petitionId, { events, more, until: clock.now().getTime() + HELD_FOR })
    },
  }
}

/** The log's first: what is read after it is no older. */
async function readBoth(db: Db) {
  const logged = await readLoggedCounts(db)
  return { logged, exact: await readCounts(db) }
}
