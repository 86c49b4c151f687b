import type { Db } from '../../database.ts'
import { endLeases, type Leases } from '../../defence/lease-mails.ts'
import { type Clock, HOUR, MINUTE } from '../../platform/clock.ts'
import { untilWritten } from '../../platform/database/until-written.ts'
import type { Keyring } from '../../platform/keyring.ts'
import {
  type Later,
  type Mail,
  type Mailer,
  OF_SERVER,
  type Place,
  sendOrPutOff,
} from '../../platform/mail/mail.ts'
import { decryptSubscriber } from '../../subscriber/subscriber-secrets.ts'
import {
  type DueMail,
  markUnderWay,
  type PutOff,
  putOff,
  settle,
  waitUntil,
} from './mail.queries.ts'

export interface DeliverNeeds {
  db: Db
  clock: Clock
  keyring: Keyring
  mailer: Mailer
  leases: Leases
}

/** @param to as the subscriber typed it */
export type Compose = (to: string, subscriber: DueMail) => Mail

/** `turned away`: the mail server takes no mail at all for now. */
export type Delivered = 'settled' | 'put off' | 'turned away'

const FIRST_PAUSE_MS = MINUTE
const LONGEST_PAUSE_MS = 2 * HOUR
/** One that the server may have taken comes a second time, if it does, rather late than at once. */
const UNKNOWN_PAUSE_MS = 2 * MINUTE
/** As long as a lease lasts. */
const ELSEWHERE_PAUSE_MS = 61_000
/** With the pauses between them three days or more. */
const MOST_TRIES = 45

/**
 * Sends one mail as docs/decisions/0038-marked-before-sending.md has it: marked in a transaction, sent without one, and
 * written down. It has no outcome until then: a worker that dies leaves the mark, and the mail is sent again.
 */
export async function deliver(
  needs: DeliverNeeds,
  { id, compose }: { id: number; compose: Compose },
  mail: DueMail,
): Promise<Delivered> {
  const { db, clock, keyring, mailer } = needs
  const wait = (ms: number) =>
    waitUntil(db, id, mail.id, new Date(clock.now().getTime() + ms)).then(() => 'put off' as const)
  const to = openAddress(keyring, mail)
  // As when SECRET_KEY is another one. The error's message may quote what could not be read.
  if (to === null) return putOffFault(needs, id, mail)
  const place = await mailer.enter(to, false)
  if ('wait' in place) return wait(place.wait)
  try {
    const composed = compose(to, mail)
    const claim = await claimMail(needs, id, mail.id)
    if (claim === 'gone') return 'settled'
    if (claim === 'elsewhere') return wait(ELSEWHERE_PAUSE_MS)
    return await sendClaimed(needs, id, { mail, composed, place })
  } finally {
    place.leave()
  }
}

/** `gone`: paused or cancelled meanwhile, sent by another worker, or its subscriber has left. */
async function claimMail(
  { db, leases }: DeliverNeeds,
  id: number,
  subscriber: string,
): Promise<'ours' | 'elsewhere' | 'gone'> {
  let taken: Iterable<string> = []
  try {
    return await db.transaction().execute(async (trx) => {
      // The subscriber's id: of two mails to one subscriber, such as the welcome, one waits.
      taken = await leases.take(trx, [subscriber])
      if (![...taken].includes(subscriber)) return 'elsewhere'
      if (await markUnderWay(trx, id, subscriber)) return 'ours'
      await endLeases(trx, [subscriber])
      leases.release(taken)
      return 'gone'
    })
  } catch (error) {
    leases.release(taken)
    throw error
  }
}

async function sendClaimed(
  needs: DeliverNeeds,
  id: number,
  { mail, composed, place }: { mail: DueMail; composed: Mail; place: Place },
): Promise<Delivered> {
  const { db, leases } = needs
  const outcome = await sendOrPutOff(place, composed, mail.doubted_at?.getTime())
  const isLast = typeof outcome !== 'string' && isTried(outcome) && mail.tries + 1 >= MOST_TRIES
  await untilWritten(() =>
    db.transaction().execute(async (trx) => {
      if (typeof outcome === 'string') await settle(trx, id, mail.id, outcome)
      else if (isLast) await settle(trx, id, mail.id, 'given_up')
      else await putOff(trx, id, mail.id, pauseAfter(outcome, mail, needs.clock))
      await endLeases(trx, [mail.id])
    }),
  ).finally(() => leases.release([mail.id]))
  if (typeof outcome === 'string' || isLast) return 'settled'
  return isTried(outcome) ? 'put off' : 'turned away'
}

/** The server's own trouble is no try of this mail, nor is a worker that stops. */
const isTried = ({ kind }: Later) =>
  kind !== null && !(OF_SERVER as readonly string[]).includes(kind)

function pauseAfter(outcome: Later, { tries }: DueMail, clock: Clock): PutOff {
  const { doubted, isUnknown = false, after } = outcome
  const own = Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS)
  const pause = Math.max(isUnknown ? UNKNOWN_PAUSE_MS : 0, after ?? (isTried(outcome) ? own : 0))
  return {
    due: pause > 0 ? new Date(clock.now().getTime() + pause) : null,
    doubted: doubted === undefined ? null : new Date(doubted),
    wasTried: isTried(outcome),
    isUnknown,
  }
}

function openAddress(keyring: Keyring, { address }: DueMail): string | null {
  try {
    return decryptSubscriber(keyring, address)
  } catch {
    return null
  }
}

async function putOffFault(
  { db, clock }: DeliverNeeds,
  id: number,
  mail: DueMail,
): Promise<Delivered> {
  if (mail.tries + 1 >= MOST_TRIES) {
    await db.transaction().execute((trx) => settle(trx, id, mail.id, 'given_up'))
    return 'settled'
  }
  await putOff(db, id, mail.id, pauseAfter({ later: 'unreadable', kind: 'fault' }, mail, clock))
  return 'put off'
}
