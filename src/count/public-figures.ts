import type { Db } from '../database.ts'
import { hasGuardedFigures, type Petition } from '../petition/petition.ts'
import { HOUR } from '../platform/clock.ts'
import type { CellState } from './guard-cells.ts'
import { readLogDimension } from './logged-tally.queries.ts'
import {
  type Breakdown,
  type Count,
  type CountRow,
  foldSmallCells,
  OTHER,
  readBreakdown,
  sumByDay,
} from './read-counts.ts'

/** A guarded petition's entries wait for others for so long; then the log takes them, however few they are. */
export const LONGEST_WAIT = 6 * HOUR

/**
 * Every figure that outsiders see, in any form, comes through here. Figures of a guarded petition are as of
 * the public log's last batch, and guard-cells.ts hides its small countries and languages; figures of a live
 * one follow each confirmation.
 */

/** The breakdowns that everyone may see; the source is for the organisers. */
export type PublicBreakdown = Exclude<Breakdown, 'source' | 'total'>

/** Breakdowns whose keys say something about a person. */
const TELLING: ReadonlySet<PublicBreakdown> = new Set(['country', 'language'])

/** Rows by a breakdown; they add up to the count of the log, or of a live petition to the exact one. */
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
 * Rows as of the log's last batch, of live petitions too: they add up to the number that its checkpoint certifies.
 *
 * @param certified that number
 */
export async function readCertifiedRows(
  db: Db,
  petition: Petition,
  by: 'country' | 'language',
  certified: number,
): Promise<CountRow[]> {
  const cells = await readLogDimension(db, petition.id, by)
  if (hasGuardedFigures(petition)) return publicCells(certified, cells)
  const standing = cells.filter(({ signatures }) => signatures > 0)
  return foldSmallCells(standing.map(({ key, signatures }) => ({ key, signatures })))
}

interface GuardedCell extends Pick<CellState, 'shown'> {
  key: string
}

/**
 * The rows of every public view and file, largest first; they add up to `total`. After withdrawals the
 * figures shown can be more than the total: then the smallest cells join `other`. Only public figures decide
 * that, so it discloses nothing more.
 */
export function publicCells(total: number, cells: readonly GuardedCell[]): CountRow[] {
  const rows = cells
    .filter(({ shown }) => shown > 0)
    .map(({ key, shown }) => ({ key, signatures: shown }))
    .sort((a, b) => b.signatures - a.signatures || (a.key < b.key ? -1 : 1))
  let rest = rows.reduce((left, row) => left - row.signatures, total)
  while (rest < 0) rest += rows.pop()!.signatures
  return rest > 0 ? [...rows, { key: OTHER, signatures: rest }] : rows
}

/**
 * A guarded petition's count is the log's, and grows from there in whole steps of signatures, so that
 * it is live while signing is brisk and discloses no single signature. One that was confirmed and withdrawn
 * before the log had it is in neither.
 *
 * @param least how much was shown before beyond the same count of the log
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
