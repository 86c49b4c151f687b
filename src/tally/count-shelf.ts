import type { Db } from '../database.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import { keepFresh } from '../platform/single-flight.ts'
import { type Count, noCount, readCounts } from './read-counts.ts'

/** With the tally's own step this keeps a shown count less than two seconds behind the truth. */
const MAX_AGE_MS = 500

/** The count of a petition as pages show it; the last known one while the database is away. */
export type CountShelf = (petitionId: number) => Promise<Count>

export function createCountShelf(db: Db, maxAge = MAX_AGE_MS): CountShelf {
  const held = keepFresh({
    maxAge,
    load: () => readCounts(db),
    mayBeStale: isDatabaseAway,
  })
  return async (petitionId) => (await held.get()).get(petitionId) ?? noCount()
}
