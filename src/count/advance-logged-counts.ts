import type { Db } from '../database.ts'
import { advanceCell, advanceLink, drawForCell } from './guard-cells.ts'
import {
  addToLoggedCounts,
  type LoggedCountCell,
  type LoggedCountChange,
  setShown,
} from './logged-tally.queries.ts'

/** An entry of the log that adds a signature, withdraws or voids one. */
export interface LoggedSignature {
  petitionId: number
  event: 'confirmed' | 'withdrawn' | 'voided'
  /** Null where nothing is left that says where it was counted: then it moves the total alone. */
  counted: { hour: string; country: string; language: string; ref: string | null } | null
}

/**
 * Counts the signatures of a batch in the transaction that gives them their entries, and moves the published
 * figures.
 *
 * @param key draws the boundaries of guarded cells
 */
export async function advanceLoggedCounts(
  trx: Db,
  key: Buffer,
  signatures: LoggedSignature[],
): Promise<void> {
  const cells = await addToLoggedCounts(trx, sumUp(signatures))
  const moved = cells.flatMap((cell) => {
    const now = publish(key, cell)
    return now.shown === cell.shown && now.changes === cell.changes ? [] : [now]
  })
  if (moved.length > 0) await setShown(trx, moved)
}

function publish(key: Buffer, cell: LoggedCountCell): LoggedCountCell {
  const { petitionId, dimension, signatures } = cell
  if (dimension === 'total' || dimension === 'hour') return cell
  const draw = drawForCell(key, petitionId, dimension, cell.key)
  const advance = dimension === 'ref' ? advanceLink : advanceCell
  return { ...cell, ...advance(draw, cell, signatures) }
}

/** One row for each cell, in one order, so that it is the same however the batch was shuffled. */
function sumUp(signatures: LoggedSignature[]): LoggedCountChange[] {
  const sums = new Map<string, LoggedCountChange>()
  const add = (change: LoggedCountChange) => {
    const name = JSON.stringify([change.petitionId, change.dimension, change.key])
    const sum = sums.get(name)
    if (sum) sum.change += change.change
    else sums.set(name, change)
  }
  for (const { petitionId, event, counted } of signatures) {
    add({ petitionId, dimension: 'total', key: event, change: 1 })
    if (!counted) continue
    const change = event === 'confirmed' ? 1 : -1
    const { hour, country, language, ref } = counted
    add({ petitionId, dimension: 'hour', key: hour, change })
    add({ petitionId, dimension: 'country', key: country, change })
    add({ petitionId, dimension: 'language', key: language, change })
    if (ref !== null) add({ petitionId, dimension: 'ref', key: ref, change })
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change)
}
