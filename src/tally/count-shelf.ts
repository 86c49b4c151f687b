import type { Database } from '../database.ts'
import type { PublicReads } from '../platform/database/read-replica.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import { keepFresh } from '../platform/single-flight.ts'
import { type Count, isNoOlder, noCount, readCounts } from './read-counts.ts'

/** With the tally's own step this keeps a shown count less than two seconds behind the truth. */
const MAX_AGE_MS = 500

/** The count of a petition as pages show it; the last known one while the database is away. */
export type CountShelf = (petitionId: number) => Promise<Count>

export function createCountShelf(
  publicReads: PublicReads<Database>,
  maxAge = MAX_AGE_MS,
): CountShelf {
  let shown = new Map<number, Count>()
  const held = keepFresh({
    maxAge,
    load: async () => {
      // A replica that is behind what was shown is passed over: no count goes back.
      shown = await publicReads.read(readCounts, (counts) => isNoOlder(counts, shown))
      return shown
    },
    mayBeStale: isDatabaseAway,
  })
  return async (petitionId) => (await held.get()).get(petitionId) ?? noCount()
}
