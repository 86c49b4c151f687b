import { isDeepStrictEqual } from 'node:util'
import type { Database } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import { type Fresh, keepFresh } from '../platform/cache.ts'
import type { Clock } from '../platform/clock.ts'
import type { PublicReads } from '../platform/database/read-replica.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import { type PublicBreakdown, readPublicRows } from './public-figures.ts'
import {
  type Count,
  type CountRow,
  isNoOlder,
  readCounts,
  readLoggedCounts,
} from './read-counts.ts'
import { type CountTable, sumRows } from './write-counts.ts'

/** A crowd that polls costs one query a second for each petition and breakdown. */
const MAX_AGE_MS = 1000

/** Counts that everyone may see; the last known ones while the database is away. */
type PublicCounts = (petition: Petition, by: PublicBreakdown | 'total') => Promise<CountTable>

interface Needs {
  publicReads: PublicReads<Database>
  clock: Clock
  /** The cache that pages show the total from: it answers while the database is away. */
  counts: { shown: (petitionId: number) => Promise<Count> }
}

/** The same object is given as long as no figure changes, so that its ETag and its XLSX stay too. */
export function createPublicCounts(needs: Needs, maxAge = MAX_AGE_MS): PublicCounts {
  const held = new Map<string, Fresh<CountTable>>()
  return (petition, by) => {
    const key = `${petition.id} ${petition.updatedAt.getTime()} ${by}`
    const fresh = held.get(key) ?? holdCounts(needs, petition, by, maxAge)
    held.set(key, fresh)
    return fresh.get()
  }
}

function holdCounts(
  needs: Needs,
  petition: Petition,
  by: PublicBreakdown | 'total',
  maxAge: number,
): Fresh<CountTable> {
  let last: CountTable | null = null
  const { slug } = petition
  const readRows = createRowReader(needs, petition, by)
  const load = async (): Promise<CountTable> => {
    const rows = await readRows()
    if (!last || !isDeepStrictEqual(last.rows, rows)) {
      last = { slug, by, rows, counted: sumRows(rows), generatedAt: needs.clock.now() }
    }
    return last
  }
  return keepFresh({ maxAge, load, mayBeStale: isDatabaseAway })
}

function createRowReader(
  { publicReads, counts }: Needs,
  petition: Petition,
  by: PublicBreakdown | 'total',
): () => Promise<CountRow[]> {
  if (by === 'total') {
    return async () => [{ key: 'total', signatures: (await counts.shown(petition.id)).counted }]
  }
  let shown = { exact: new Map<number, Count>(), logged: new Map<number, Count>() }
  return async () => {
    const read = await publicReads.read(
      // Totals first: the rows, read after them, are no older.
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
