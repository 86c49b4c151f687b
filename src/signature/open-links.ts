import type { Db } from '../database.ts'
import { writeMoment } from '../petition/files/read-moment.ts'
import { confirmsUntil, type Petition, zoneOf } from '../petition/petition.ts'
import type { Clock } from '../platform/clock.ts'
import { howMany } from '../platform/terminal/how-many.ts'
import { countWaiting } from './reads.ts'

/**
 * Until when links confirm, and how many forms wait for it, as a clause; null once the count can't grow: links have
 * ended, or the petition is closed and no form waits.
 */
export async function tellOpenLinks(
  db: Db,
  petition: Petition,
  clock: Clock,
): Promise<string | null> {
  const until = confirmsUntil(petition, clock)
  if (until === null) return null
  const forms = await countWaiting(db, petition.id)
  const waiting = howMany(forms, 'form waits', 'forms wait')
  const { slug, closesAt } = petition
  if (until === 'no end' || !closesAt || closesAt > clock.now())
    return `${slug} still takes signatures, and ${waiting} to be confirmed`
  const at = writeMoment({ at: until, zone: zoneOf(petition) })
  return forms > 0 ? `mailed links of ${slug} confirm until ${at}, and ${waiting} for it` : null
}
