import type { Db } from '../../database.ts'
import { wasAsked } from '../../defence/cap-mails.ts'
import type { Leases } from '../../defence/lease-mails.ts'
import type { Petitions } from '../../petition/petitions.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { type Mailer, type Place, sendOrPutOff, waitForDomain } from '../../platform/mail/mail.ts'
import { createMicroBatch } from '../../platform/micro-batch.ts'
import { type Claim, claimMails } from './claim-mails.ts'
import { composeMail, type Origins } from './compose-mail.ts'
import type { MailOutcome } from './decide-mail.ts'
import { type Mailing, type MailSubmissionJob, readMailings } from './read-mailings.ts'
import type { Settled } from './record-outcomes.ts'

/** The jobs: one that mails all forms of a batch, and one for a mail that was put off or reminds. */
export const MAIL_SUBMISSIONS = 'mail-submissions'
export const MAIL_SUBMISSION = 'mail-submission'

export interface MailSubmissionsJob {
  /** Ids. */
  submissions: string[]
}

/** Mails that are looked up, and marked, in one transaction; the mailer gives places to so many at once. */
const TOGETHER = 50
const LANES = 4

export interface MailNeeds {
  db: Db
  clock: Clock
  keyring: Keyring
  mailer: Mailer
  petitions: Petitions
  leases: Leases
  config: Origins
}

/** Of createRecorder. */
export type RecordOutcome = (mail: Settled) => Promise<void>

/**
 * Sends a submission's link to exactly the address that was typed, once, and a reminder likewise: looks it up, waits
 * until the mailer has room for a mail to its domain, marks and counts it, sends it without a transaction, a lock or
 * a database connection, and writes down the outcome. Many are looked up, marked and written down together. A mail
 * that the caps hold back waits for its turn. Safe to run twice: a retried job sees mailed_at or the mark.
 */
export function createMailSubmission(
  needs: MailNeeds,
  record: RecordOutcome,
): (job: MailSubmissionJob) => Promise<MailOutcome> {
  const reading = createMicroBatch<MailSubmissionJob, PromiseSettledResult<Mailing | null>>({
    limit: TOGETHER,
    lanes: LANES,
    // A failure is common to all: they are tried again with their jobs.
    isCommon: () => true,
    write: (jobs) => readMailings(needs, jobs),
  })
  const claiming = createMicroBatch<Mailing, Claim>({
    limit: TOGETHER,
    lanes: LANES,
    isCommon: () => true,
    write: (mailings) => claimMails(needs, mailings),
  })

  async function mail(job: MailSubmissionJob): Promise<MailOutcome> {
    const read = await reading.add(job)
    if (read.status === 'rejected') throw read.reason
    const mailing = read.value
    if (!mailing) return 'not due'
    const place = await needs.mailer.enter(mailing.to, job.hung)
    if ('wait' in place) {
      // Untold where it would be once sent; see `isUntold` of a turn.
      const isUntold = job.reminder || (await wasAsked(needs.db, mailing.keys))
      return waitForDomain(place, job, isUntold ? null : 'slow')
    }
    try {
      return await claimAndSend(mailing, place)
    } finally {
      place.leave()
    }
  }

  async function claimAndSend(mailing: Mailing, place: Place): Promise<MailOutcome> {
    const { job, petition, submission, keys, to, mirror } = mailing
    // Before it is marked: one that can't be composed is none.
    const name = job.reminder ? 'reminder' : 'confirm'
    const composed = composeMail(needs, petition, { ...submission, mirror }, name, to)
    const claim = await claiming.add(mailing)
    if ('instead' in claim) return claim.instead
    const { counted, isUntold } = claim
    const told = isUntold ? { ...composed, isUntold } : composed
    const outcome = await sendOrPutOff(place, told, job.doubted)
    const { address } = submission
    const about = { id: job.id, petitionId: petition.id, address }
    await record({ lease: job.id, keys, counted, outcome, submission: about })
    return outcome
  }

  return oneAtATime(mail)
}

/** The second of one submission finds what the first has written. */
function oneAtATime(
  mail: (job: MailSubmissionJob) => Promise<MailOutcome>,
): (job: MailSubmissionJob) => Promise<MailOutcome> {
  const underWay = new Map<string, Promise<unknown>>()
  return async (job) => {
    for (let first = underWay.get(job.id); first; first = underWay.get(job.id)) {
      await first.catch(() => {})
    }
    const mailing = mail(job)
    underWay.set(job.id, mailing)
    try {
      return await mailing
    } finally {
      underWay.delete(job.id)
    }
  }
}
