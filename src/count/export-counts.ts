import type { Db } from '../database.ts'
import type { Clock } from '../platform/clock.ts'
import { namePartners } from '../sharing/partner-links.ts'
import { advanceCounts } from './advance-counts.ts'
import { type Counts, sumRows } from './count-file.ts'
import { type Breakdown, readBreakdown } from './read-counts.ts'

/**
 * The counts as organisers see them: nothing is folded, partners go by name. What waits is counted
 * first, since no worker may be running; where one is, its batch of this moment may still be missing.
 */
export async function exportCounts(
  { db, clock }: { db: Db; clock: Clock },
  { id, slug }: { id: number; slug: string },
  by: Breakdown,
): Promise<Counts> {
  await advanceCounts(db)
  const stored = await readBreakdown(db, id, by)
  const rows = by === 'source' ? await namePartners(db, id, stored) : stored
  return { slug, by, rows, counted: sumRows(rows), generatedAt: clock.now() }
}
