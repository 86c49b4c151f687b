import { type Insertable, type Selectable, sql } from 'kysely'
import type { Db } from '../../database.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { decryptComment, decryptHiddenName } from '../../sealing/signer-details.ts'
import type { CommentTable, PublicNameTable } from '../signature.table.ts'

/** Statements that write `public_name` or `comment`, but for confirming (signatures.ts) and deciding (decisions.ts). */

/** The tables whose rows are shown once they are approved. */
export type Moderated = 'public_name' | 'comment'

/** A name is in one of its two columns, or was taken off; a comment in its own. */
export interface ShownText {
  name: string | null
  hidden: Buffer | null
  comment: Buffer | null
}

export function readText(keyring: Keyring, { name, hidden, comment }: ShownText): string | null {
  if (comment) return decryptComment(keyring, comment)
  return name ?? (hidden && decryptHiddenName(keyring, hidden))
}

export async function insertPublicName(trx: Db, row: Insertable<PublicNameTable>): Promise<void> {
  await trx.insertInto('public_name').values(row).execute()
}

export async function insertComment(trx: Db, row: Insertable<CommentTable>): Promise<void> {
  await trx.insertInto('comment').values(row).execute()
}

/** @param ids of signatures @returns their names and comments */
export async function deleteShown(
  trx: Db,
  ids: string[],
): Promise<{ names: Selectable<PublicNameTable>[]; comments: Selectable<CommentTable>[] }> {
  const isTheirs = sql<string>`any (${ids}::uuid[])`
  const names = await trx
    .deleteFrom('public_name')
    .where('signature_id', '=', isTheirs)
    .returningAll()
    .execute()
  const comments = await trx
    .deleteFrom('comment')
    .where('signature_id', '=', isTheirs)
    .returningAll()
    .execute()
  return { names, comments }
}

/** Erases what was hidden before: the row of a name stays without it, so that the signer's next one waits. */
export async function eraseHiddenBefore(db: Db, before: Date): Promise<void> {
  await sql`
    update public_name set name = null, hidden = null, decision = null
     where state = 'refused' and decided_at < ${before} and (hidden is not null or name is not null)`.execute(
    db,
  )
  await sql`delete from comment where state = 'refused' and decided_at < ${before}`.execute(db)
}
