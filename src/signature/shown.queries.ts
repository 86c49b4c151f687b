import type { Db } from '../database.ts'
import type { Keyring } from '../platform/keyring.ts'
import { decryptComment } from '../sealing/signer-details.ts'
import type { Shown } from './confirmation.queries.ts'
import { isOf, type Mailbox, todaysFirst } from './mailbox.ts'
import { LOST_VERSION } from './signature.table.ts'

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
 * Shows something else of a signature than before, or nothing. A text that stays what it was keeps what was decided
 * on it. What organisers have hidden, or have yet to read, does not get past them by being changed or taken off and
 * entered anew: the name's row stays without its text, and whatever is shown next waits. The caller holds the
 * signature.
 */
export async function replaceShown(
  trx: Db,
  keyring: Keyring,
  { id, petition_id, country, confirmed_at }: Standing,
  { name, nameState, comment }: Shown,
): Promise<void> {
  const shared = { signature_id: id, petition_id, country: country!, confirmed_at }
  const named = await trx
    .deleteFrom('public_name')
    .where('signature_id', '=', id)
    .returning(['name', 'state', 'decided_at'])
    .executeTakeFirst()
  const commented = await trx
    .deleteFrom('comment')
    .where('signature_id', '=', id)
    .returning(['text', 'state', 'decided_at'])
    .executeTakeFirst()
  const isHeld = named !== undefined && named.state !== 'approved'
  const kept = name === null || named?.name === name ? named : undefined
  if (name !== null || isHeld) {
    await trx
      .insertInto('public_name')
      .values({
        ...shared,
        name,
        state: kept?.state ?? (isHeld ? 'waiting' : nameState),
        decided_at: kept?.decided_at ?? null,
      })
      .execute()
  }
  if (comment) {
    const read = (text: Buffer) => decryptComment(keyring, text)
    const isSame = commented && read(commented.text) === read(comment)
    const kept = isSame && { state: commented.state, decided_at: commented.decided_at }
    await trx
      .insertInto('comment')
      .values({ ...shared, text: comment, ...kept })
      .execute()
  }
}
