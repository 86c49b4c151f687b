import type { Db } from '../database.ts'

/** Whether anybody ever signed the petition, be it that they left again. */
export async function hasSignatures(db: Db, petitionId: number): Promise<boolean> {
  const row = await db
    .selectFrom('signature')
    .select('id')
    .where('petition_id', '=', petitionId)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Whether somebody may still confirm: a link was mailed, or is about to be. */
export async function hasSubmissions(db: Db, petitionId: number): Promise<boolean> {
  const row = await db
    .selectFrom('submission')
    .select('id')
    .where('petition_id', '=', petitionId)
    .where('confirmed', '=', false)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
