import { sql } from 'kysely'
import type { Db } from '../../database.ts'
import type { Subscriber } from '../../subscriber/subscribers.ts'

/** A mail that is due, with what is needed to send it. */
export type DueMail = Pick<Subscriber, 'id' | 'language' | 'tag' | 'address'> & {
  tries: number
  doubted_at: Date | null
}

/** A mail is never put off for longer: a time further ahead is from before the clock was set back. */
const LONGEST_MS = 6 * 60 * 60_000

/** The next mails of a broadcast, in the order of ids, which are random. */
export async function listDue(
  db: Db,
  broadcast: number,
  { now, limit }: { now: Date; limit: number },
): Promise<DueMail[]> {
  const { rows } = await sql<DueMail>`
    select s.id, s.language, s.tag, s.address, m.tries, m.doubted_at
      from broadcast_mail m join subscriber s on s.id = m.subscriber_id
     where m.broadcast_id = ${broadcast}
       and (m.due_at is null or m.due_at <= ${now} or m.due_at > ${latest(now)})
     order by m.broadcast_id, m.subscriber_id limit ${limit}`.execute(db)
  return rows
}

const latest = (now: Date) => new Date(now.getTime() + LONGEST_MS)

/** When the next mail is due; null where none waits. */
export async function nextDue(db: Db, broadcast: number, now: Date): Promise<Date | null> {
  const { rows } = await sql<{ due: Date | null }>`
    select min(coalesce(due_at, ${now})) as due
      from broadcast_mail where broadcast_id = ${broadcast}`.execute(db)
  return rows[0]!.due
}

/**
 * Marks a mail as under way, if its broadcast is still being sent and its subscriber still there. One whose outcome
 * was never written down is counted as repeated.
 */
export async function markUnderWay(
  trx: Db,
  broadcast: number,
  subscriber: string,
): Promise<boolean> {
  const { rows } = await sql<{ under_way: boolean }>`
    select m.under_way from broadcast_mail m join broadcast b on b.id = m.broadcast_id
     where m.broadcast_id = ${broadcast} and m.subscriber_id = ${subscriber} and b.state = 'sending'
       for update of m`.execute(trx)
  const [mail] = rows
  if (!mail) return false
  if (mail.under_way) {
    await sql`update broadcast set repeated = repeated + 1 where id = ${broadcast}`.execute(trx)
  } else {
    await sql`
      update broadcast_mail set under_way = true
       where broadcast_id = ${broadcast} and subscriber_id = ${subscriber}`.execute(trx)
  }
  return true
}

/** Its outcome is final: the row goes, and the broadcast counts it. */
export async function settle(
  trx: Db,
  broadcast: number,
  subscriber: string,
  outcome: 'sent' | 'refused' | 'given_up',
): Promise<void> {
  await sql`
    delete from broadcast_mail
     where broadcast_id = ${broadcast} and subscriber_id = ${subscriber}`.execute(trx)
  await sql`
    update broadcast set ${sql.ref(outcome)} = ${sql.ref(outcome)} + 1
     where id = ${broadcast}`.execute(trx)
}

/** A mail that was not tried: the mark of a worker that died with it stays. */
export async function waitUntil(db: Db, broadcast: number, subscriber: string, due: Date) {
  await sql`
    update broadcast_mail set due_at = ${due}
     where broadcast_id = ${broadcast} and subscriber_id = ${subscriber}`.execute(db)
}

export interface PutOff {
  due: Date | null
  doubted: Date | null
  /** Whether it was tried, not only kept waiting for its domain. */
  wasTried: boolean
  /** The server may have taken it. */
  isUnknown: boolean
}

export async function putOff(
  trx: Db,
  broadcast: number,
  subscriber: string,
  { due, doubted, wasTried, isUnknown }: PutOff,
): Promise<void> {
  await sql`
    update broadcast_mail
       set due_at = ${due}, doubted_at = ${doubted}, under_way = ${isUnknown},
           tries = tries + ${wasTried ? 1 : 0}::smallint
     where broadcast_id = ${broadcast} and subscriber_id = ${subscriber}`.execute(trx)
}
