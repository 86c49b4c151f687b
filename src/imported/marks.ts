import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import type { Db } from '../database.ts'
import type { Keyring } from '../platform/keyring.ts'

/** As many as a link holds. */
const MARK_BYTES = 8

/**
 * What links of invitations hold of a mailbox, and what is left of one that was invited, or refused: first 64 bits of
 * HMAC-SHA256(server's key, its tag). So neither a mail nor what is left leads to a signature or an entry of the log
 * without the server's key.
 */
export const markOf = ({ imports }: Pick<Keyring, 'imports'>, tag: Buffer): Buffer =>
  createHmac('sha256', imports).update(tag).digest().subarray(0, MARK_BYTES)

export interface Mark {
  refused: boolean
}

/** @param lock against who refuses this moment. @returns by hexadecimal mark */
export async function findMarks(
  db: Db,
  marks: Buffer[],
  { lock = false } = {},
): Promise<Map<string, Mark>> {
  const { rows } = await sql<Mark & { mark: Buffer }>`
    select mark, refused from import_mark where mark = any (${marks}::bytea[])
     order by mark ${lock ? sql`for share` : sql``}`.execute(db)
  return new Map(rows.map(({ mark, ...rest }) => [mark.toString('hex'), rest]))
}

export async function noteInvited(trx: Db, petitionId: number, marks: Buffer[]): Promise<void> {
  // In one order, so that two of these never wait for each other in a circle.
  const ordered = marks.toSorted((a, b) => a.compare(b))
  await sql`
    insert into import_mark (mark, petition_id, refused)
    select mark, ${petitionId}::integer, false from unnest(${ordered}::bytea[]) as given (mark)
    on conflict (mark) do nothing`.execute(trx)
}

/** @param petitionId null where nothing tells any more which it was */
export async function noteRefused(db: Db, petitionId: number | null, mark: Buffer): Promise<void> {
  await db
    .insertInto('import_mark')
    .values({ mark, petition_id: petitionId, refused: true })
    .onConflict((conflict) => conflict.column('mark').doUpdateSet({ refused: true }))
    .execute()
}

/** Of a signer who leaves. A refusal stays: it is a wish of theirs that needs a memory. */
export async function forgetInvited(trx: Db, mark: Buffer): Promise<void> {
  await trx
    .deleteFrom('import_mark')
    .where('mark', '=', mark)
    .where('refused', '=', false)
    .execute()
}

/** Of petitions whose key is destroyed: no mailbox leads to them any more, and nothing is imported. */
export async function forgetArchived(trx: Db): Promise<void> {
  await sql`
    delete from import_mark m using petition p
     where p.id = m.petition_id and p.tag_key is null`.execute(trx)
}

/**
 * Those whose holders refused at the moment in which a file brought them in.
 *
 * @returns how many
 */
export async function sweepRefused(trx: Db): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from imported where id in (
      select i.id from import_mark m join imported i on i.mark = m.mark
       where m.refused order by i.id limit 5000 for update of i skip locked)`.execute(trx)
  return Number(numAffectedRows)
}
