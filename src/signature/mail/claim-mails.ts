import { sql } from 'kysely'
import type { Db } from '../../database.ts'
import { countMails, lockOf, readTurns } from '../../defence/cap-mails.ts'
import { LEASED_ELSEWHERE, type Leases } from '../../defence/lease-mails.ts'
import type { Clock } from '../../platform/clock.ts'
import { holdLocks } from '../../platform/database/locks.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { HELD_ELSEWHERE, type Later } from '../../platform/mail/mail.ts'
import { deleteOldestWaiting } from '../store/submissions.ts'
import { decideMail, type MailState } from './decide-mail.ts'
import type { Mailing } from './read-mailings.ts'

/** To be sent now; it is marked and counted. */
interface Due {
  counted: Date
  isUntold: boolean
}

export type Claim = Due | { instead: 'not due' | Later }

interface ClaimNeeds {
  db: Db
  clock: Clock
  keyring: Keyring
  leases: Leases
}

/**
 * Decides which mails are to be sent now, marks them as under way and counts them, in one short transaction: what
 * can't be marked is not sent. A crash from here on leaves the mark, and the mail is sent once it has run out.
 *
 * @param mailings no two of one submission
 * @returns in their order
 */
export async function claimMails(needs: ClaimNeeds, mailings: Mailing[]): Promise<Claim[]> {
  const first = firstOfEach(mailings)
  const claimed: string[] = []
  try {
    const claims = await holdLocks(needs.db, [...first.keys()], (trx, held) =>
      claimHeld(
        trx,
        needs,
        [...held].map((name) => first.get(name)!),
        claimed,
      ),
    )
    return mailings.map((mailing) => claims.get(mailing) ?? { instead: HELD_ELSEWHERE })
  } catch (error) {
    needs.leases.release(claimed)
    throw error
  }
}

/** A second mail to one mailbox is decided on once the first is counted. */
function firstOfEach(mailings: Mailing[]): Map<string, Mailing> {
  const first = new Map<string, Mailing>()
  for (const mailing of mailings) {
    if (!first.has(lockOf(mailing.keys))) first.set(lockOf(mailing.keys), mailing)
  }
  return first
}

/** @param claimed gets the ids of what is marked, also when the transaction fails afterwards */
async function claimHeld(
  trx: Db,
  needs: ClaimNeeds,
  mailings: Mailing[],
  claimed: string[],
): Promise<Map<Mailing, Claim>> {
  const claims = new Map<Mailing, Claim>()
  if (mailings.length === 0) return claims
  const { rows } = await sql<MailState>`
    select id, mailed_at, undeliverable
      from submission where id = any (${mailings.map(idOf)}::uuid[])`.execute(trx)
  const stateOf = new Map(rows.map((state) => [state.id, state]))
  const turns = await readTurns(
    trx,
    needs.clock,
    mailings.map(({ keys }) => keys),
  )
  const due = new Map<Mailing, Due>()
  const counted = needs.clock.now()
  for (const [index, mailing] of mailings.entries()) {
    const turn = turns[index]!
    const decision = await decideMail(trx, needs, mailing, stateOf.get(idOf(mailing)), turn)
    if (decision === 'due') due.set(mailing, { counted, isUntold: turn.isUntold })
    else claims.set(mailing, { instead: decision })
  }
  const putOff = [...claims].filter(
    ([, claim]) => 'instead' in claim && claim.instead !== 'not due',
  )
  if (putOff.length > 0) await deleteOldestWaiting(trx, putOff.map(addressOf))
  if (due.size === 0) return claims
  const ours = await needs.leases.take(trx, [...due.keys()].map(idOf))
  claimed.push(...ours)
  for (const [mailing, claim] of due) {
    claims.set(mailing, ours.has(idOf(mailing)) ? claim : { instead: LEASED_ELSEWHERE })
  }
  const keys = [...due.keys()].filter((each) => ours.has(idOf(each))).map((each) => each.keys)
  if (keys.length > 0) await countMails(trx, keys, counted)
  return claims
}

const idOf = ({ job }: Mailing) => job.id

const addressOf = ([{ petition, submission }]: [Mailing, unknown]) => ({
  petitionId: petition.id,
  address: submission.address,
})
