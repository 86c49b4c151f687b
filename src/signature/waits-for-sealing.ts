import type { Db } from '../database.ts'
import { hasReadable } from './sealing.queries.ts'

/** True while a confirmed signature of the petition is still readable on the server. */
export async function waitsForSealing(db: Db, petitionId: number): Promise<boolean> {
  return hasReadable(db, petitionId)
}
