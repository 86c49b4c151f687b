import type { CountRow } from './count.queries.ts'
import type { CellState } from './guard-cells.ts'

export const OTHER = 'other'

/** "You brought n" is shown from this, and in steps of it. */
const BROUGHT_STEP = 5

export interface GuardedCell extends Pick<CellState, 'shown'> {
  key: string
}

/**
 * The rows of every public view and file, largest first; they add up to `total`. After withdrawals the
 * figures shown can be more than the total: then the smallest cells join `other`. Nothing but what is
 * public decides that, so it tells nothing more.
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

/** @param peak the highest that the count of a share code has been: what is shown never falls */
export function publicBrought(peak: number): number {
  return peak - (peak % BROUGHT_STEP)
}
