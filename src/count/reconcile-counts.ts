import { sql } from 'kysely'
import type { Db } from '../database.ts'
import { takeAllTheTime } from '../platform/database/connect.ts'
import { COUNT_LOCK } from './advance-counts.ts'
import { type CountDifference, findDifferences, setCount } from './count.queries.ts'

/**
 * Proves that the tally is what the rows say, and sets right what isn't. The log line is the caller's.
 * Repeatable read: rows, queue and tally are seen at one moment, while people go on signing.
 *
 * @param directDb not through a pooler: the lock is held for longer than the transaction
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
