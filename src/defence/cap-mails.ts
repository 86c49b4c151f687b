import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import type { Db } from '../database.ts'
import { foldForCaps } from '../platform/address/email-address.ts'
import { ago, CLOCKS_DIFFER_MS, type Clock, DAY, HOUR } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import type { Later } from '../platform/mail/mail.ts'

/**
 * Anyone can type anyone's address: caps bound the mails that follow. Counts are kept by keyed hash and outlive
 * the submissions that the mails were about, so that no address's count begins anew meanwhile.
 */
interface Cap {
  /** Mails that may go without a pause: the first was lost, the signer tries again. */
  atOnce: number
  /** Between two mails after that. */
  pause: number
  /** At most so many within so many milliseconds. */
  within: readonly [mails: number, span: number][]
}

const WEEK = 7 * DAY
/** Counts are forgotten after so many days without a mail. */
const KEPT = 90 * DAY

/** Of one address about one petition. */
const PETITION_CAP: Cap = { atOnce: 2, pause: HOUR, within: [[5, WEEK], [12, KEPT]] } // biome-ignore format: one cap a line
/** Of one address about all petitions of the site. */
const SITE_CAP: Cap = { atOnce: 6, pause: HOUR, within: [[15, WEEK], [36, KEPT]] } // biome-ignore format: one cap a line
const LONGEST = 36

const HASH_BYTES = 16

/** Of a mail that waits for its turn. Untold: links to withdraw count, too, and only signers get those. */
export const TOO_MANY_MAILS: Later = { later: 'so many mails went to one address', kind: null }

/** The keys under which a mail is counted. */
export interface MailCountKeys {
  /** Keyed hash of the mailbox, for all of the site. */
  site: Buffer
  /** Keyed hash of the mailbox and the petition. */
  petition: Buffer
  /** Keyed hash under which a request for a link to withdraw is noted. */
  asked: Buffer
}

export interface Turn {
  /** Milliseconds; 0 where a mail may go now. */
  wait: number
  /**
   * A link to withdraw was asked for: whether it was sent decides by the caps whether the next mail is, so the outcome of
   * that one, too, would tell whether the address has signed.
   */
  isUntold: boolean
}

/** @param normalised as parseEmail gives it */
export function mailCountKeys(
  keyring: Keyring,
  normalised: string,
  petitionId: number,
): MailCountKeys {
  const mailbox = foldForCaps(normalised)
  const hash = (about: string) =>
    createHmac('sha256', keyring.mailCounts)
      .update(`${about}\0${mailbox}`)
      .digest()
      .subarray(0, HASH_BYTES)
  return { site: hash('site'), petition: hash(String(petitionId)), asked: hash('asked') }
}

/** Held while a mail to the mailbox is decided on, marked and counted, whatever it is about. */
export const lockOf = ({ site }: MailCountKeys): string => `mail:${site.toString('hex')}`

/** When each may be mailed. The caller holds their locks. */
export async function readTurns(trx: Db, clock: Clock, mails: MailCountKeys[]): Promise<Turn[]> {
  const keys = mails.flatMap(({ site, petition, asked }) => [site, petition, asked])
  const { rows } = await sql<{ recipient: Buffer; sent: Date[] }>`
    select recipient, sent from mail_count where recipient = any (${keys}::bytea[])`.execute(trx)
  const sent = new Map(rows.map((row) => [row.recipient.toString('hex'), row.sent]))
  const waitOf = (key: Buffer, cap: Cap) => wait(sent.get(key.toString('hex')) ?? [], cap, clock)
  return mails.map(({ site, petition, asked }) => ({
    wait: Math.max(waitOf(site, SITE_CAP), waitOf(petition, PETITION_CAP)),
    isUntold: sent.has(asked.toString('hex')),
  }))
}

/** Counts of times that have not come yet are from before the clock was set back, and withhold nothing. */
function wait(sent: Date[], { atOnce, pause, within }: Cap, clock: Clock): number {
  const now = clock.now().getTime()
  const times = sent
    .map((date) => date.getTime())
    .filter((time) => time <= now + CLOCKS_DIFFER_MS)
    .sort((a, b) => a - b)
  const until = within.map(([mails, span]) => (times.at(-mails) ?? Number.NEGATIVE_INFINITY) + span)
  const lately = times.filter((time) => time > now - WEEK).length
  if (lately >= atOnce) until.push(times.at(-1)! + pause)
  return Math.max(0, ...until.map((time) => time - now))
}

/** Counts one mail for each, before it is sent. @param mails no two of one mailbox */
export async function countMails(trx: Db, mails: MailCountKeys[], now: Date): Promise<void> {
  await count(
    trx,
    mails.flatMap(({ site, petition }) => [site, petition]),
    now,
  )
}

/** Whether a link to withdraw was asked for, by whomever, for an address that has signed or not. */
export async function wasAsked(db: Db, { asked }: MailCountKeys): Promise<boolean> {
  const { rows } = await sql`select from mail_count where recipient = ${asked}`.execute(db)
  return rows.length > 0
}

/** For any address, signed or not, before the link to withdraw is decided on. */
export async function noteAsked(trx: Db, { asked }: MailCountKeys, now: Date): Promise<void> {
  await count(trx, [asked], now)
}

async function count(trx: Db, keys: Buffer[], now: Date): Promise<void> {
  await sql`
    insert into mail_count as c (recipient, sent, last_sent)
      select recipient, array[${now}::timestamptz], ${now}::timestamptz
        from unnest(${keys}::bytea[]) as recipient order by recipient
    on conflict (recipient) do update set
      sent = (c.sent || excluded.sent)[greatest(1, cardinality(c.sent) + 2 - ${LONGEST}::integer):],
      last_sent = excluded.last_sent`.execute(trx)
}

/** Takes back what was counted at `when`: those mails were not sent after all. */
export async function uncountMails(
  trx: Db,
  mails: { keys: MailCountKeys; when: Date }[],
): Promise<void> {
  if (mails.length === 0) return
  const keys = mails.flatMap(({ keys: { site, petition } }) => [site, petition])
  const times = mails.flatMap(({ when }) => [when, when])
  await sql`
    with given as (
      select c.recipient, array_position(c.sent, given.time) as place, cardinality(c.sent) as counted
        from mail_count c join unnest(${keys}::bytea[], ${times}::timestamptz[])
             as given (recipient, time) using (recipient)
       order by c.recipient for update of c),
    emptied as (
      delete from mail_count c using given
       where given.recipient = c.recipient and place is not null and counted = 1)
    update mail_count c set sent = c.sent[:place - 1] || c.sent[place + 1:]
      from given where given.recipient = c.recipient and place is not null and counted > 1`.execute(
    trx,
  )
}

export async function forgetMailCounts(db: Db, clock: Clock): Promise<void> {
  await db.deleteFrom('mail_count').where('last_sent', '<', ago(clock, KEPT)).execute()
}
