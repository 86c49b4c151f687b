import { sql } from 'kysely'
import type { Db } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import type { Keyring } from '../platform/keyring.ts'
import { BEFORE_EVERY_ID } from '../platform/random-id.ts'
import { decryptDetails } from '../sealing/signer-details.ts'
import { subscriberTag } from '../supporter/subscriber-secrets.ts'
import { mailboxFor } from './mailbox.ts'

const PAGE = 1000

export interface Recomputed {
  /** Signatures whose details the server can still read. */
  readable: number
  /** Of these, tagged by a former table of providers. */
  moved: number
  /**
   * Of these, left as they are: the mailbox has signed once more since the rule changed, or gets updates, whose
   * links to leave hold the tag. They are found by the former rules, like what is sealed.
   */
  left: number
  /** Sealed: found under the tag they have, by whoever types the address. */
  sealed: number
}

/**
 * Gives signatures that are not sealed yet the tag of today's rules. Safe to repeat, and to stop.
 *
 * @param rehearse only counts
 */
export async function recomputeTags(
  db: Db,
  keyring: Keyring,
  petition: Petition,
  { rehearse }: { rehearse: boolean },
): Promise<Recomputed> {
  const result: Recomputed = {
    readable: 0,
    moved: 0,
    left: 0,
    sealed: await countSealed(db, petition),
  }
  for (let after = BEFORE_EVERY_ID; ; ) {
    const page = await listReadable(db, petition.id, after)
    for (const { id, tag, details } of page) {
      const today = mailboxFor(petition, keyring, decryptDetails(keyring, details)).tag
      result.readable++
      if (tag.equals(today)) continue
      if (await move(db, keyring, petition, { id, tag, today, rehearse })) result.moved++
      else result.left++
    }
    if (page.length < PAGE) return result
    after = page.at(-1)!.id
  }
}

interface Readable {
  id: string
  tag: Buffer
  details: Buffer
}

async function listReadable(db: Db, petitionId: number, after: string): Promise<Readable[]> {
  const { rows } = await sql<Readable>`
    select b.id, s.tag, b.details
      from submission b join signature s on s.id = b.id
     where b.id > ${after}::uuid and b.petition_id = ${petitionId} and b.confirmed and s.tag is not null
     order by b.id
     limit ${PAGE}`.execute(db)
  return rows
}

async function countSealed(db: Db, { id }: Petition): Promise<number> {
  const { rows } = await sql<{ sealed: number }>`
    select count(*)::float8 as sealed from signature s
     where s.petition_id = ${id} and s.tag is not null
       and not exists (select from submission b where b.id = s.id)`.execute(db)
  return rows[0]!.sealed
}

/** One statement, so that it moves whole or not at all. @returns false when it stays */
async function move(
  db: Db,
  keyring: Keyring,
  petition: Petition,
  { id, tag, today, rehearse }: { id: string; tag: Buffer; today: Buffer; rehearse: boolean },
): Promise<boolean> {
  const subscriber = subscriberTag(keyring, petition.tagKey!, tag)
  const movable = sql`
    id = ${id}::uuid and tag = ${tag}
    and not exists (select from signature o where o.petition_id = ${petition.id} and o.tag = ${today})
    and not exists (
      select from subscriber u where u.petition_id = ${petition.id} and u.tag = ${subscriber})`
  const { rows } = await (rehearse
    ? sql`select from signature where ${movable}`
    : sql`update signature set tag = ${today} where ${movable} returning id`
  ).execute(db)
  return rows.length > 0
}
