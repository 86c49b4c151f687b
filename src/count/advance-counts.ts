import { sql } from 'kysely'
import type { Db } from '../database.ts'
import { takeAllTheTime } from '../platform/database/connect.ts'
import { holdLock } from '../platform/database/locks.ts'
import { deleteLoggedCounts } from './logged-tally.queries.ts'
import {
  type CountDifference,
  countBatch,
  deleteCounts,
  findDifferences,
  setCount,
} from './tally.queries.ts'

/** Queue rows a transaction counts. */
const BATCH = 20_000

/** Every change of the counts happens under this advisory lock, on whichever node. */
const COUNT_LOCK = 'tally'

/** Counts the queue, batch by batch. @returns how many events; 0 also when another node counts. */
export async function advanceCounts(db: Db): Promise<number> {
  let total = 0
  for (;;) {
    const counted = await holdLock(db, COUNT_LOCK, (trx) => countBatch(trx, BATCH))
    total += counted ?? 0
    if ((counted ?? 0) < BATCH) return total
  }
}

/**
 * Proves that the counts equal the rows of `signature`, and corrects them where they don't; the caller logs
 * the differences. Repeatable read: rows, queue and counts are seen at one moment, while people go on signing.
 *
 * @param directDb bypasses PgBouncer: the session's lock outlasts the transaction
 */
export async function reconcileCounts(directDb: Db): Promise<CountDifference[]> {
  return directDb.connection().execute(async (connection) => {
    // Taken before the snapshot: else a batch that ends while we wait would be seen half.
    await sql`select pg_advisory_lock(hashtextextended(${COUNT_LOCK}, 0))`.execute(connection)
    try {
      return await connection
        .transaction()
        .setIsolationLevel('repeatable read')
        .execute(async (trx) => {
          await takeAllTheTime(trx)
          const differences = await findDifferences(trx)
          for (const difference of differences) await setCount(trx, difference)
          return differences
        })
    } finally {
      await sql`select pg_advisory_unlock(hashtextextended(${COUNT_LOCK}, 0))`.execute(connection)
    }
  })
}

/** For a petition that is deleted. */
export async function forgetCounts(trx: Db, petitionId: number): Promise<void> {
  await deleteCounts(trx, petitionId)
  await deleteLoggedCounts(trx, petitionId)
}
