import type { Db } from '../database.ts'
import { endLeases, type Leases } from '../defence/lease-mails.ts'
import { hasEnded, type Petition, petitionState } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { HOUR, MINUTE, SECOND, type SteadyClock } from '../platform/clock.ts'
import { untilWritten } from '../platform/database/until-written.ts'
import { addJob } from '../platform/jobs/add-job.ts'
import type { Keyring } from '../platform/keyring.ts'
import { type Later, type Mailer, OF_SERVER, sendOrPutOff } from '../platform/mail/mail.ts'
import { readPace } from './batch.queries.ts'
import { composeInvitation } from './compose-invitation.ts'
import {
  type DueInvitation,
  forgetInvitations,
  listDue,
  markUnderWay,
  nextDue,
  putOff,
  settle,
} from './invitation.queries.ts'
import { decryptInvited } from './mailboxes.ts'

export const SEND_INVITATIONS = 'send-invitations'

/** Invitations a minute. */
export const PER_MINUTE = { least: 1, default: 600, most: 6000 }

export interface SendInvitationsJob {
  petition: number
}

export interface InvitationNeeds {
  db: Db
  config: { publicUrl: string }
  clock: SteadyClock
  keyring: Keyring
  mailer: Mailer
  leases: Leases
  petitions: Petitions
}

/** What one job sends lasts about so long, so that people who are signing never wait for more. */
const SLICE_MS = 5 * SECOND
const FIRST_PAUSE_MS = MINUTE
const LONGEST_PAUSE_MS = 2 * HOUR
/** While the petition is paused, or the mail server takes nothing. */
const WAIT_MS = 5 * MINUTE
/** With the pauses between them three days or more. */
const MOST_TRIES = 45

/** Behind all other jobs; in place of one that waits, so that there is never a second. */
export const enqueueInvitations = (trx: Db, job: SendInvitationsJob, delay = 0) =>
  addJob(
    trx,
    SEND_INVITATIONS,
    { ...job },
    { key: `${SEND_INVITATIONS}:${job.petition}`, delay, behind: true },
  )

/**
 * Sends some of a petition's invitations and enqueues the next job. Marked before sending, and written down after, as
 * docs/decisions/0038-marked-before-sending.md has it; safe to run twice.
 */
export async function sendInvitations(
  needs: InvitationNeeds,
  job: SendInvitationsJob,
): Promise<void> {
  const { db, clock } = needs
  const petition = await needs.petitions.findById(job.petition)
  if (!petition?.tagKey || hasEnded(petition, clock)) {
    return forgetInvitations(db, job.petition)
  }
  if (petitionState(petition, clock) !== 'open' || petition.hiddenAt) {
    return enqueueInvitations(db, job, WAIT_MS)
  }
  // Read each time: a later order may have said another.
  const perMinute = (await readPace(db, petition.id)) ?? PER_MINUTE.default
  const limit = Math.max(1, Math.round((perMinute * SLICE_MS) / MINUTE))
  const begun = clock.elapsed()
  let isTurnedAway = false
  for (const invitation of await listDue(db, petition.id, { now: clock.now(), limit })) {
    isTurnedAway = (await send(needs, petition, invitation)) === 'turned away'
    if (isTurnedAway) break
  }
  const next = await nextDue(db, petition.id, clock.now())
  if (next === null) return
  const pace = (limit * MINUTE) / perMinute - (clock.elapsed() - begun)
  const due = next.getTime() - clock.now().getTime()
  const delay = isTurnedAway ? WAIT_MS : Math.min(Math.max(0, pace, due), WAIT_MS)
  await enqueueInvitations(db, job, Math.round(delay))
}

/** `turned away`: the mail server takes no mail at all for now. */
async function send(
  needs: InvitationNeeds,
  petition: Petition,
  invitation: DueInvitation,
): Promise<'settled' | 'put off' | 'turned away'> {
  const { db, clock, keyring, leases, mailer } = needs
  const { id, mark, language } = invitation
  const wait = async (ms: number) => {
    const due = new Date(clock.now().getTime() + ms)
    await putOff(db, id, { due, doubted: invitation.doubted_at, wasTried: false })
    return 'put off' as const
  }
  const to = decryptInvited(keyring, invitation.address)
  const place = await mailer.enter(to, false)
  if ('wait' in place) return wait(place.wait)
  try {
    const mail = composeInvitation(needs, petition, { id, mark, language, to })
    const claim = await claimOne(needs, id)
    if (claim === 'gone') return 'settled'
    if (claim === 'elsewhere') return wait(MINUTE + SECOND)
    const outcome = await sendOrPutOff(place, mail, invitation.doubted_at?.getTime())
    const tried = typeof outcome !== 'string' && isTried(outcome)
    const isOver = typeof outcome === 'string' || (tried && invitation.tries + 1 >= MOST_TRIES)
    await untilWritten(() =>
      db.transaction().execute(async (trx) => {
        if (isOver) await settle(trx, id)
        else await putOff(trx, id, pauseAfter(outcome as Later, invitation, clock.now()))
        await endLeases(trx, [id])
      }),
    ).finally(() => leases.release([id]))
    return isOver ? 'settled' : tried ? 'put off' : 'turned away'
  } finally {
    place.leave()
  }
}

async function claimOne(
  { db, leases }: InvitationNeeds,
  id: string,
): Promise<'ours' | 'elsewhere' | 'gone'> {
  let taken: Iterable<string> = []
  try {
    return await db.transaction().execute(async (trx) => {
      taken = await leases.take(trx, [id])
      if (![...taken].includes(id)) return 'elsewhere'
      if (await markUnderWay(trx, id)) return 'ours'
      await endLeases(trx, [id])
      leases.release(taken)
      return 'gone'
    })
  } catch (error) {
    leases.release(taken)
    throw error
  }
}

/** The server's own trouble is no try of this mail. */
const isTried = ({ kind }: Later) =>
  kind !== null && !(OF_SERVER as readonly string[]).includes(kind)

function pauseAfter(outcome: Later, { tries }: DueInvitation, now: Date) {
  const own = Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS)
  const pause = Math.max(outcome.isUnknown ? 2 * MINUTE : 0, outcome.after ?? own)
  return {
    due: new Date(now.getTime() + pause),
    doubted: outcome.doubted === undefined ? null : new Date(outcome.doubted),
    wasTried: isTried(outcome),
  }
}
