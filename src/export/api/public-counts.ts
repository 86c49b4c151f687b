import { isDeepStrictEqual } from 'node:util'
import type { Petition } from '../../petition/petition.ts'
import { isDatabaseAway } from '../../platform/database/unavailable.ts'
import { type Fresh, keepFresh } from '../../platform/single-flight.ts'
import type { Services } from '../../services.ts'
import { foldSmallCells, readBreakdown } from '../../tally/read-counts.ts'
import { type Counts, sumRows } from '../counts.ts'
import type { PublicBreakdown } from './api.schemas.ts'

/** A crowd that polls costs one query a second for each petition and breakdown. */
const MAX_AGE_MS = 1000

/** Where a key says something about a person. */
const FOLDED: ReadonlySet<PublicBreakdown> = new Set(['country', 'language'])

/** Counts that everyone may see; the last known ones while the database is away. */
export type PublicCounts = (petition: Petition, by: PublicBreakdown) => Promise<Counts>

/** The same object is given as long as no figure changes, so that its ETag and its XLSX stay too. */
export function createPublicCounts(
  services: Pick<Services, 'db' | 'clock' | 'counts'>,
  maxAge = MAX_AGE_MS,
): PublicCounts {
  const held = new Map<string, Fresh<Counts>>()
  return (petition, by) => {
    const key = `${petition.id} ${by}`
    const fresh = held.get(key) ?? holdCounts(services, petition, by, maxAge)
    held.set(key, fresh)
    return fresh.get()
  }
}

function holdCounts(
  services: Pick<Services, 'db' | 'clock' | 'counts'>,
  { id, slug }: Petition,
  by: PublicBreakdown,
  maxAge: number,
): Fresh<Counts> {
  let last: Counts | null = null
  const load = async (): Promise<Counts> => {
    const rows = await readPublicRows(services, id, by)
    if (!last || !isDeepStrictEqual(last.rows, rows)) {
      last = { slug, by, rows, counted: sumRows(rows), generatedAt: services.clock.now() }
    }
    return last
  }
  return keepFresh({ maxAge, load, mayBeStale: isDatabaseAway })
}

async function readPublicRows(
  { db, counts }: Pick<Services, 'db' | 'counts'>,
  petitionId: number,
  by: PublicBreakdown,
) {
  // The shelf that the pages show the total from: it answers while the database is away.
  if (by === 'total') return [{ key: 'total', signatures: (await counts(petitionId)).counted }]
  const rows = await readBreakdown(db, petitionId, by)
  return FOLDED.has(by) ? foldSmallCells(rows) : rows
}
