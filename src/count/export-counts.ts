import { noSuchPetition } from '../commands/no-such-petition.ts'
import type { Services } from '../services.ts'
import { namePartners } from '../sharing/name-partners.ts'
import { advanceTally } from './advance-counts.ts'
import { type Counts, sumRows } from './counts.ts'
import { type Breakdown, readBreakdown } from './read-counts.ts'

/**
 * The counts as organisers see them: nothing is folded, partners go by name. What waits is counted
 * first, since no worker may be running; where one is, its batch of this moment may still be missing.
 * @throws CommandError when there is no such petition
 */
export async function exportCounts(
  { db, clock, petitions }: Pick<Services, 'db' | 'clock' | 'petitions'>,
  slug: string,
  by: Breakdown,
): Promise<Counts> {
  const petition = await petitions.find(slug)
  if (!petition) throw noSuchPetition(slug)
  await advanceTally(db)
  const stored = await readBreakdown(db, petition.id, by)
  const rows = by === 'source' ? await namePartners(db, petition.id, stored) : stored
  return { slug, by, rows, counted: sumRows(rows), generatedAt: clock.now() }
}
