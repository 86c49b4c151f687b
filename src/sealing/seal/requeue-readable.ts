import type { Db } from '../../database.ts'
import { takeAllTheTime } from '../../platform/database/take-all-the-time.ts'
import { insertReadable } from './sealing.queries.ts'

/**
 * Queues confirmed signatures that are readable although nothing waits to seal them: those that failed
 * for a reason that is mended by now, such as a lost key. Reads the whole table; for the night.
 *
 * @returns how many
 */
export async function requeueReadable(db: Db): Promise<number> {
  return db.transaction().execute(async (trx) => {
    await takeAllTheTime(trx)
    return insertReadable(trx)
  })
}
