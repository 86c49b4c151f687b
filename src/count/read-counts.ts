import type { Db } from '../database.ts'
import { readLogTotals } from './logged-tally.queries.ts'
import { type CountRow, readDimension, readTotals } from './tally.queries.ts'

export type { CountRow }

export interface Count {
  /** Without those in quarantine. */
  confirmed: number
  withdrawn: number
  voided: number
  /** confirmed − withdrawn − voided: the number that is shown. */
  counted: number
}

export const breakdowns = ['total', 'hour', 'day', 'country', 'language', 'source'] as const
export type Breakdown = (typeof breakdowns)[number]

/** The key of the row that sums up small cells. */
export const OTHER = 'other'

/** Public cells below this could point at a person; they go into `other`. */
export const SMALL_CELL = 5

/** The count of every petition that has one, by petition id. */
export async function readCounts(db: Db): Promise<Map<number, Count>> {
  return toCounts(await readTotals(db))
}

/** The same as of the public log's last batch. */
export async function readLoggedCounts(db: Db): Promise<Map<number, Count>> {
  return toCounts(await readLogTotals(db))
}

function toCounts(rows: { petition_id: number; key: string; signatures: string }[]) {
  const counts = new Map<number, Count>()
  for (const { petition_id, key, signatures } of rows) {
    const count = counts.get(petition_id) ?? noCount()
    if (key === 'quarantined') count.confirmed -= Number(signatures)
    else count[key as 'confirmed' | 'withdrawn' | 'voided'] += Number(signatures)
    count.counted = count.confirmed - count.withdrawn - count.voided
    counts.set(petition_id, count)
  }
  return counts
}

/**
 * Whether counts are at least as new as others. Events are only ever added, withdrawals too: of two
 * counts the newer never has fewer of them.
 */
export function isNoOlder(counts: Map<number, Count>, than: Map<number, Count>): boolean {
  return [...than].every(([id, count]) => eventsOf(counts.get(id) ?? noCount()) >= eventsOf(count))
}

export const eventsOf = ({ confirmed, withdrawn, voided }: Count) => confirmed + withdrawn + voided

export const noCount = (): Count => ({ confirmed: 0, withdrawn: 0, voided: 0, counted: 0 })

/**
 * Signatures that stand, by one breakdown; the rows add up to `counted`. `total` is one row. Hours are
 * `2024-11-11T09Z`, days `2024-11-11` (UTC), countries ISO 3166-1, languages BCP 47.
 */
export async function readBreakdown(
  db: Db,
  petitionId: number,
  by: Breakdown,
): Promise<CountRow[]> {
  if (by === 'total') {
    const count = (await readCounts(db)).get(petitionId) ?? noCount()
    return [{ key: 'total', signatures: count.counted }]
  }
  const rows = await readDimension(db, petitionId, by === 'day' ? 'hour' : by)
  const standing = rows.filter((row) => row.signatures !== 0)
  return by === 'day' ? sumByDay(standing) : standing
}

/**
 * The rows that outsiders may see. Everything below the limit goes into `other`; when that alone would still
 * be small, the next smallest cell joins it, so that it can't be told from the total.
 */
export function foldSmallCells(rows: CountRow[]): CountRow[] {
  const bySize = [...rows].sort((a, b) => b.signatures - a.signatures || (a.key < b.key ? -1 : 1))
  const kept = bySize.filter((row) => row.signatures >= SMALL_CELL)
  const folded = bySize.slice(kept.length)
  if (folded.length === 0) return kept
  let other = folded.reduce((sum, row) => sum + row.signatures, 0)
  while (other < SMALL_CELL && kept.length > 0) other += kept.pop()!.signatures
  return [...kept, { key: OTHER, signatures: other }]
}

export function sumByDay(hours: CountRow[]): CountRow[] {
  const days = new Map<string, number>()
  for (const { key, signatures } of hours) {
    const day = key.slice(0, 10)
    days.set(day, (days.get(day) ?? 0) + signatures)
  }
  return [...days].map(([key, signatures]) => ({ key, signatures }))
}
