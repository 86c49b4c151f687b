import type { Db } from '../database.ts'
import type { Keyring } from '../platform/keyring.ts'
import type { LinkToken } from '../platform/link-token.ts'
import { findMarks, forgetInvited, markOf, noteRefused } from './marks.ts'

/** Whether the link was used. Everything else that is known of its mailbox is nobody's to see. */
export async function hasRefused(db: Db, { address: mark }: LinkToken): Promise<boolean> {
  const marks = await findMarks(db, [mark])
  return [...marks.values()].some(({ refused }) => refused)
}

/**
 * Takes somebody out who asked for it, with everything that was sealed; a keyed mark of the mailbox alone stays, so that
 * no file brings them back. By the mark in the link: the record has another id once its batch was removed and brought in
 * again. Safe to repeat, and noted also where nothing is held any more.
 *
 * In two steps, so that it holds no two rows for which somebody else waits: the mark first. Who imports the mailbox at
 * this moment has passed the mark, perhaps, and has not written the record: then the sweep finds it.
 */
export async function refuseImport(db: Db, { address: mark }: LinkToken): Promise<void> {
  const known = await db
    .selectFrom('imported')
    .select('petition_id')
    .where('mark', '=', mark)
    .executeTakeFirst()
  await noteRefused(db, known?.petition_id ?? null, mark)
  await db.deleteFrom('imported').where('mark', '=', mark).execute()
}

/** Of a signer who leaves: what was imported of the same mailbox goes, too, and that it was invited. */
export async function eraseImported(
  trx: Db,
  keyring: Pick<Keyring, 'imports'>,
  petitionId: number,
  tag: Buffer | null,
): Promise<void> {
  if (!tag) return
  await trx
    .deleteFrom('imported')
    .where('petition_id', '=', petitionId)
    .where('tag', '=', tag)
    .execute()
  await forgetInvited(trx, markOf(keyring, tag))
}
