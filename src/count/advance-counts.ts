import type { Db } from '../database.ts'
import { holdLock } from '../platform/database/locks.ts'
import { countBatch } from './count.queries.ts'

/** Queue rows a transaction counts. */
const BATCH = 20_000

/** Every change of the tally happens under this lock, on whichever node. */
export const COUNT_LOCK = 'tally'

/** Counts what waits, batch by batch. @returns how many events; 0 also when another node counts. */
export async function advanceCounts(db: Db): Promise<number> {
  let total = 0
  for (;;) {
    const counted = await holdLock(db, COUNT_LOCK, (trx) => countBatch(trx, BATCH))
    total += counted ?? 0
    if ((counted ?? 0) < BATCH) return total
  }
}
