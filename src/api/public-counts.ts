import { isDeepStrictEqual } from 'node:util'
import type { CountCache } from '../count/count-cache.ts'
import { type Counts, sumRows } from '../count/count-file.ts'
import { readPublicRows } from '../count/public-figures.ts'
import {
  type Count,
  type CountRow,
  isNoOlder,
  readCounts,
  readLoggedCounts,
} from '../count/read-counts.ts'
import type { Database } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import { type Fresh, keepFresh } from '../platform/cache.ts'
import type { Clock } from '../platform/clock.ts'
import type { PublicReads } from '../platform/database/read-replica.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import type { PublicBreakdown } from './api.schemas.ts'

/** A crowd that polls costs one query a second for each petition and breakdown. */
const MAX_AGE_MS = 1000

/** Counts that everyone may see; the last known ones while the database is away. */
export type PublicCounts = (petition: Petition, by: PublicBreakdown) => Promise<Counts>

/** The same object is given as long as no figure changes, so that its ETag and its XLSX stay too. */
export function createPublicCounts(
  site: { publicReads: PublicReads<Database>; clock: Clock; counts: CountCache },
  maxAge = MAX_AGE_MS,
): PublicCounts {
  const held = new Map<string, Fresh<Counts>>()
  return (petition, by) => {
    const key = `${petition.id} ${petition.updatedAt.getTime()} ${by}`
    const fresh = held.get(key) ?? holdCounts(site, petition, by, maxAge)
    held.set(key, fresh)
    return fresh.get()
  }
}

function holdCounts(
  site: { publicReads: PublicReads<Database>; clock: Clock; counts: CountCache },
  petition: Petition,
  by: PublicBreakdown,
  maxAge: number,
): Fresh<Counts> {
  let last: Counts | null = null
  const { slug } = petition
  const readRows = createRowReader(site, petition, by)
  const load = async (): Promise<Counts> => {
    const rows = await readRows()
    if (!last || !isDeepStrictEqual(last.rows, rows)) {
      last = { slug, by, rows, counted: sumRows(rows), generatedAt: site.clock.now() }
    }
    return last
  }
  return keepFresh({ maxAge, load, mayBeStale: isDatabaseAway })
}

function createRowReader(
  { publicReads, counts }: { publicReads: PublicReads<Database>; counts: CountCache },
  petition: Petition,
  by: PublicBreakdown,
): () => Promise<CountRow[]> {
  if (by === 'total') {
    // The cache that the pages show the total from: it answers while the database is away.
    return async () => [{ key: 'total', signatures: (await counts(petition.id)).counted }]
  }
  let shown = { exact: new Map<number, Count>(), logged: new Map<number, Count>() }
  return async () => {
    const read = await publicReads.read(
      // Totals first: what is read after them is no older than they are.
      async (db) => ({
        exact: await readCounts(db),
        logged: await readLoggedCounts(db),
        rows: await readPublicRows(db, petition, by),
      }),
      ({ exact, logged }) => isNoOlder(exact, shown.exact) && isNoOlder(logged, shown.logged),
    )
    shown = read
    return read.rows
  }
}
