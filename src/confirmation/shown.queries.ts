import type { Db } from '../database.ts'
import { isOf, type Mailbox, todaysFirst } from '../signature/mailbox.ts'
import { LOST_VERSION } from '../signature/signature.table.ts'
import type { Shown } from './confirmation.queries.ts'

/** What is needed to show something else of a signature. */
export interface Standing {
  id: string
  tag: Buffer | null
  petition_id: number
  country: string | null
  confirmed_at: Date
}

/**
 * A mailbox's signature that stands, held so that a withdrawal comes before or after. To be held before any
 * submission is deleted, in the order in which a withdrawal takes them.
 */
export async function holdStanding(
  trx: Db,
  petitionId: number,
  mailbox: Mailbox,
): Promise<Standing | null> {
  const row = await trx
    .selectFrom('signature as s')
    .select(['id', 'tag', 'petition_id', 'country', 'confirmed_at'])
    .where('petition_id', '=', petitionId)
    .where(isOf(mailbox))
    .where('state', '=', 'confirmed')
    .where('text_version', '<>', LOST_VERSION)
    .orderBy(todaysFirst(mailbox), 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

/**
 * Shows something else of a signature than before, or nothing. A name that stays what it was keeps what was
 * decided on it; another in the place of one that was hidden waits to be read. The caller holds the signature.
 */
export async function replaceShown(
  trx: Db,
  { id, petition_id, country, confirmed_at }: Standing,
  { name, nameState, comment }: Shown,
): Promise<void> {
  const shared = { signature_id: id, petition_id, country: country!, confirmed_at }
  const before = await trx
    .deleteFrom('public_name')
    .where('signature_id', '=', id)
    .returning(['name', 'state', 'decided_at'])
    .executeTakeFirst()
  await trx.deleteFrom('comment').where('signature_id', '=', id).execute()
  if (name !== null) {
    const kept = before?.name === name && { state: before.state, decided_at: before.decided_at }
    const state = before?.state === 'refused' ? 'waiting' : nameState
    await trx
      .insertInto('public_name')
      .values({ ...shared, name, ...(kept || { state }) })
      .execute()
  }
  if (comment)
    await trx
      .insertInto('comment')
      .values({ ...shared, text: comment })
      .execute()
}
