import { type Insertable, sql } from 'kysely'
import type { Db } from '../../database.ts'
import type { CommentTable, ModerationState, PublicNameTable } from '../signature.table.ts'

/** Statements that write `public_name` or `comment`, but for confirming (signatures.ts). */

/** The tables whose rows are shown once they are approved. */
export type Moderated = 'public_name' | 'comment'
const TEXT_OF = { public_name: 'name', comment: 'text' } as const

export async function insertPublicName(trx: Db, row: Insertable<PublicNameTable>): Promise<void> {
  await trx.insertInto('public_name').values(row).execute()
}

export async function insertComment(trx: Db, row: Insertable<CommentTable>): Promise<void> {
  await trx.insertInto('comment').values(row).execute()
}

/** @param ids of signatures @returns their names and comments */
export async function deleteShown(trx: Db, ids: string[]) {
  const isTheirs = sql<string>`any (${ids}::uuid[])`
  const names = await trx
    .deleteFrom('public_name')
    .where('signature_id', '=', isTheirs)
    .returning(['name', 'state', 'decided_at'])
    .execute()
  const comments = await trx
    .deleteFrom('comment')
    .where('signature_id', '=', isTheirs)
    .returning(['text', 'state', 'decided_at'])
    .execute()
  return { names, comments }
}

/** @returns false when there is nothing to decide on (any more): no such row, or a name that was removed */
export async function setModeration(
  db: Db,
  moderated: Moderated,
  id: string,
  state: ModerationState,
  now: Date,
): Promise<boolean> {
  const outcome = await db
    .updateTable(moderated)
    .set({ state, decided_at: now })
    .where('signature_id', '=', id)
    .where(sql.ref(TEXT_OF[moderated]), 'is not', null)
    .executeTakeFirst()
  return outcome.numUpdatedRows > 0n
}
