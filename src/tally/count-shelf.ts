import type { Database, Db } from '../database.ts'
import type { PetitionShelf } from '../petition/petition-shelf.ts'
import type { PublicReads } from '../platform/database/read-replica.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import { keepFresh } from '../platform/single-flight.ts'
import { publicTotal } from './public-figures.ts'
import { type Count, isNoOlder, noCount, readCounts, readLoggedCounts } from './read-counts.ts'

/** With the tally's own step this keeps a shown count less than two seconds behind the truth. */
const MAX_AGE_MS = 500

/** The count of a petition as everybody may see it; the last known one while the database is away. */
export type CountShelf = (petitionId: number) => Promise<Count>

/** @param step in which a guarded petition's count moves between two batches of the log */
export function createCountShelf(
  publicReads: PublicReads<Database>,
  petitions: Pick<PetitionShelf, 'findById'>,
  step: number,
  maxAge = MAX_AGE_MS,
): CountShelf {
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
  return async (petitionId) => {
    const petition = await petitions.findById(petitionId)
    const { logged, exact } = await held.get()
    return publicTotal(
      petition,
      {
        logged: logged.get(petitionId) ?? noCount(),
        exact: exact.get(petitionId) ?? noCount(),
      },
      step,
    )
  }
}

/** The log's first: what is read after it is no older. */
async function readBoth(db: Db) {
  const logged = await readLoggedCounts(db)
  return { logged, exact: await readCounts(db) }
}
