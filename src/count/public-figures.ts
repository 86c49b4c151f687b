import type { Db } from '../database.ts'
import { hasGuardedFigures, type Petition } from '../petition/petition.ts'
import { readRef } from './count.queries.ts'
import { readLogDimension, readLogRef } from './logged-count.queries.ts'
import { publicBrought, publicCells } from './public-cells.ts'
import {
  type Breakdown,
  type Count,
  type CountRow,
  foldSmallCells,
  readBreakdown,
  sumByDay,
} from './read-counts.ts'

/**
 * Whatever figures outsiders see, in whichever form, comes through here. Of a guarded petition they are as
 * of the public log's last batch, and small countries and languages are hidden by guard-cells.ts; of a live
 * one they follow each confirmation.
 */

/** What everyone may count by; the source is for the organisers. */
export type PublicBreakdown = Exclude<Breakdown, 'source' | 'total'>

/** Where a key says something about a person. */
const TELLING: ReadonlySet<PublicBreakdown> = new Set(['country', 'language'])

/** Rows by a breakdown; they add up to what the log, or of a live petition the tally, counts. */
export async function readPublicRows(
  db: Db,
  petition: Petition,
  by: PublicBreakdown,
): Promise<CountRow[]> {
  if (!hasGuardedFigures(petition)) {
    const rows = await readBreakdown(db, petition.id, by)
    return TELLING.has(by) ? foldSmallCells(rows) : rows
  }
  const cells = await readLogDimension(db, petition.id, by === 'day' ? 'hour' : by)
  const standing = cells.filter(({ signatures }) => signatures !== 0)
  if (by === 'hour') return standing.map(({ key, signatures }) => ({ key, signatures }))
  if (by === 'day') return sumByDay(standing)
  const total = standing.reduce((sum, { signatures }) => sum + signatures, 0)
  return publicCells(total, cells)
}

/**
 * A guarded petition's count is the log's, and goes on from there in whole steps of signatures, so that
 * it is live while signing is brisk and tells nobody of a single one. What was confirmed and withdrawn before
 * the log had it is in neither.
 *
 * @param least what was shown beyond the same count of the log before
 */
export function publicTotal(
  petition: Petition | null,
  { logged, exact }: { logged: Count; exact: Count },
  step: number,
  least: number,
): Count {
  if (petition && !hasGuardedFigures(petition)) return exact
  const more = Math.max(0, exact.counted - logged.counted)
  const whole = Math.max(least, more - (more % step))
  return {
    ...logged,
    confirmed: logged.confirmed + whole,
    counted: logged.counted + whole,
  }
}

/** "You brought n": from five, in steps, and never less than before. */
export async function readPublicBrought(db: Db, petition: Petition, code: string): Promise<number> {
  const shown = await readLogRef(db, petition.id, code)
  if (hasGuardedFigures(petition)) return shown
  return Math.max(shown, publicBrought(await readRef(db, petition.id, code)))
}
