import type { Db } from '../database.ts'
import { insertReadable } from './sealing.queries.ts'

/**
 * Queues confirmed signatures that are readable although nothing waits to seal them: those that failed
 * for a reason that is mended by now, such as a lost key.
 *
 * @returns how many
 */
export async function requeueReadable(db: Db): Promise<number> {
  return insertReadable(db)
}
