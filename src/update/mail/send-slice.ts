import { setTimeout } from 'node:timers/promises'
import type { Db } from '../../database.ts'
import { MINUTE, SECOND, type SteadyClock } from '../../platform/clock.ts'
import { addJob } from '../../platform/jobs/add-job.ts'
import { findBroadcast, moveBroadcast } from './broadcast.queries.ts'
import { type ComposeNeeds, createComposer } from './compose-update.ts'
import { type Delivered, type DeliverNeeds, deliver } from './deliver.ts'
import { type DueMail, listDue, nextDue } from './mail.queries.ts'

export const SEND_UPDATE = 'send-update'

export interface SendUpdateJob {
  broadcast: number
  /** Slices one after the other that the mail server turned away. */
  failed?: number
}

/** What one job sends lasts about so long, so that people who are signing never wait for more. */
const SLICE_MS = 5 * SECOND
/** One mail after the other, so that a worker that dies doubles one at most; beside one that hangs others go on. */
const HANGS_AFTER_MS = 5 * SECOND
const MOST_HANGING = 4
const FIRST_RETRY_MS = 15 * SECOND
const LONGEST_RETRY_MS = 5 * MINUTE

export type SendNeeds = DeliverNeeds & ComposeNeeds & { clock: SteadyClock }

/** The next slice, behind all other jobs; in place of one that waits, so that there is never a second. */
export const enqueueSlice = (trx: Db, broadcast: number, { delay = 0, failed = 0 } = {}) =>
  addJob(
    trx,
    SEND_UPDATE,
    { broadcast, failed },
    { key: `${SEND_UPDATE}:${broadcast}`, delay, behind: true },
  )

/**
 * Sends a slice of a broadcast's mails and enqueues the next one. Safe to run twice: a mail that is under way
 * elsewhere is left alone.
 */
export async function sendSlice(needs: SendNeeds, { broadcast: id, failed = 0 }: SendUpdateJob) {
  const { db, clock } = needs
  const broadcast = await findBroadcast(db, id)
  if (broadcast?.state !== 'sending') return
  const compose = await createComposer(needs, broadcast)
  const slice = sliceOf(broadcast.per_minute)
  const begun = clock.elapsed()
  // A hidden petition's mails wait until it is shown again.
  const due = compose ? await listDue(db, id, { now: clock.now(), limit: slice.mails }) : []
  const { underWay, isTurnedAway, rest } = await sendEach(due, (mail) =>
    deliver(needs, { id, compose: compose! }, mail),
  )
  const next = await nextDue(db, id, clock.now())
  if (next === null && underWay === 0) {
    await moveBroadcast(db, id, ['sending'], { state: 'done', ended: clock.now() })
    return
  }
  const delay = isTurnedAway
    ? Math.min(FIRST_RETRY_MS * 2 ** failed, LONGEST_RETRY_MS)
    : Math.max(slice.ms - (clock.elapsed() - begun), (next?.getTime() ?? 0) - clock.now().getTime())
  await enqueueSlice(db, id, {
    delay: Math.round(Math.max(0, Math.min(delay, LONGEST_RETRY_MS))),
    failed: isTurnedAway ? failed + 1 : 0,
  })
  await rest()
}

/**
 * One after the other, though none waits longer for the one before than until that one hangs.
 *
 * @returns `rest` waits for those that still hang
 * @throws the first failure, once nothing is under way: the job is tried again
 */
async function sendEach(due: DueMail[], send: (mail: DueMail) => Promise<Delivered>) {
  const underWay = new Set<Promise<void>>()
  const failures: unknown[] = []
  let isTurnedAway = false
  const isOver = () => isTurnedAway || failures.length > 0
  const rest = async () => {
    await Promise.all(underWay)
    if (failures.length > 0) throw failures[0]
  }
  for (const mail of due) {
    if (isOver()) break
    const sending = send(mail)
      .then((outcome) => {
        isTurnedAway ||= outcome === 'turned away'
      })
      .catch((error: unknown) => void failures.push(error))
      .finally(() => underWay.delete(sending))
    underWay.add(sending)
    await settledOrHangs(sending)
    while (underWay.size >= MOST_HANGING) await Promise.race(underWay)
  }
  if (failures.length > 0) await rest()
  return { underWay: underWay.size, isTurnedAway, rest }
}

async function settledOrHangs(sending: Promise<void>): Promise<void> {
  const patience = new AbortController()
  const { signal } = patience
  const hangs = setTimeout(HANGS_AFTER_MS, undefined, { signal }).catch(() => {})
  await Promise.race([sending, hangs])
  patience.abort()
}

/** At least one mail: a slower pace makes longer slices. */
function sliceOf(perMinute: number): { mails: number; ms: number } {
  const mails = Math.max(1, Math.round((perMinute * SLICE_MS) / MINUTE))
  return { mails, ms: (mails * MINUTE) / perMinute }
}
