import { sql } from 'kysely'
import { type Acting, noteAction } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import type { Keyring } from '../platform/keyring.ts'
import { BEFORE_EVERY_ID } from '../platform/random-id.ts'
import { decryptDetails } from '../sealing/signer-details.ts'
import { subscriberTag } from '../subscriber/subscriber-secrets.ts'
import { mailboxFor } from './mailbox.ts'
import { canMoveTag, moveTag } from './store/signatures.ts'

const PAGE = 1000

export interface Recomputed {
  /** Signatures whose details the server can still read. */
  readable: number
  /** Of these, tagged by a former table of providers. */
  moved: number
  /**
   * Of these, left as they are: the mailbox has signed once more since the rule changed, or at this moment, or gets updates, whose
   * links to leave hold the tag. They are found by the former rules, like sealed ones.
   */
  left: number
  /** Sealed: found under the tags they have when their address is typed. */
  sealed: number
}

/**
 * Gives signatures that are not sealed yet the tag of today's rules. Safe to repeat, and to stop.
 *
 * @param rehearse only counts
 */
export async function recomputeTags(
  db: Db,
  { keyring, ...acting }: Acting & { keyring: Keyring },
  petition: Petition,
  { rehearse }: { rehearse: boolean },
): Promise<Recomputed> {
  const petitionId = petition.id
  const move = rehearse ? canMoveTag : moveTag
  const sealed = await countSealed(db, petitionId)
  const result: Recomputed = { readable: 0, moved: 0, left: 0, sealed }
  for (let after = BEFORE_EVERY_ID; ; ) {
    const page = await listReadable(db, petitionId, { after, limit: PAGE })
    for (const { id, tag, details } of page) {
      const today = mailboxFor(petition, keyring, decryptDetails(keyring, details)).tag
      result.readable++
      if (tag.equals(today)) continue
      const subscriber = subscriberTag(keyring, petition.tagKey!, tag)
      if (await move(db, { id, petitionId, tag, today, subscriber })) result.moved++
      else result.left++
    }
    if (page.length < PAGE) break
    after = page.at(-1)!.id
  }
  if (!rehearse) {
    // Each row moves by itself: stopped before the end, it is run again.
    const { moved, left } = result
    await noteAction(db, acting, { what: 'tags recompute', petition, after: { moved, left } })
  }
  return result
}

interface Readable {
  id: string
  tag: Buffer
  details: Buffer
}

/** Confirmed and not sealed yet, in the order of their ids. */
async function listReadable(
  db: Db,
  petitionId: number,
  { after, limit }: { after: string; limit: number },
): Promise<Readable[]> {
  const { rows } = await sql<Readable>`
    select b.id, s.tag, b.details
      from submission b join signature s on s.id = b.id
     where b.id > ${after}::uuid and b.petition_id = ${petitionId} and b.confirmed and s.tag is not null
     order by b.id
     limit ${limit}`.execute(db)
  return rows
}

async function countSealed(db: Db, petitionId: number): Promise<number> {
  const { rows } = await sql<{ sealed: number }>`
    select count(*)::float8 as sealed from signature s
     where s.petition_id = ${petitionId} and s.tag is not null
       and not exists (select from submission b where b.id = s.id)`.execute(db)
  return rows[0]!.sealed
}
