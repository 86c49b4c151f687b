import { sql } from 'kysely'
import type { Db } from '../../database.ts'
import {
  countMails,
  lockOf,
  type MailCountKeys,
  mailCountKeys,
  readTurns,
} from '../../defence/cap-mails.ts'
import { type Petition, takesConfirmations } from '../../petition/petition.ts'
import type { Petitions } from '../../petition/petitions.ts'
import type { Clock } from '../../platform/clock.ts'
import { holdLocks, retryDeadlocks } from '../../platform/database/locks.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { HELD_ELSEWHERE, type Mailer } from '../../platform/mail/mail.ts'
import { createMicroBatch } from '../../platform/micro-batch.ts'
import { decryptDetails } from '../../sealing/signer-details.ts'
import { deleteOldestWaiting, markMailed, markUndeliverable } from '../store/submissions.ts'
import {
  type MailOutcome,
  type MailState,
  type MailSubmissionJob,
  type SubmissionToMail,
  sendIfDue,
} from './send-if-due.ts'

/** The jobs: one that mails all forms of a batch, and one for a mail that was put off or reminds. */
export const MAIL_SUBMISSIONS = 'mail-submissions'
export const MAIL_SUBMISSION = 'mail-submission'

export interface MailSubmissionsJob {
  /** Ids. */
  submissions: string[]
}

/** Mails that are counted together: a crash may double so many, and a slow server holds them up. */
const TOGETHER = 20
/** While the mails of one batch go out, others are looked up or counted. */
const LANES = 4

export interface MailNeeds {
  db: Db
  clock: Clock
  keyring: Keyring
  mailer: Mailer
  petitions: Petitions
  config: { publicUrl: string }
}

interface Mailing {
  job: MailSubmissionJob
  petition: Petition
  submission: SubmissionToMail
  to: string
  normalised: string
  keys: MailCountKeys
}

/** Mails one submission; many that are due at about the same time are looked up and counted together. */
type MailSubmission = (job: MailSubmissionJob) => Promise<MailOutcome>

export function createMailSubmission(needs: MailNeeds): MailSubmission {
  const batch = createMicroBatch<MailSubmissionJob, PromiseSettledResult<MailOutcome>>({
    limit: TOGETHER,
    lanes: LANES,
    // A failure is common to all: they are not to be mailed again one by one.
    isCommon: () => true,
    // The second of one submission finds mailed_at set by the first.
    keyOf: ({ id }) => id,
    write: (jobs) => mailTogether(needs, jobs),
  })
  return async (job) => {
    const outcome = await batch.add(job)
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  }
}

/**
 * Sends each submission's link to exactly the address that was typed, once, and a reminder likewise. A mail
 * that the caps hold back waits for its turn. Safe to run twice: a retried job sees mailed_at set and sends
 * nothing. A crash between the mail server's acceptance and the commit that notes it may double these mails,
 * never lose one: so let them be few.
 *
 * @param jobs no two of one submission
 * @returns in the order of the jobs; one that can't be made keeps no other from its own
 */
async function mailTogether(
  needs: MailNeeds,
  jobs: MailSubmissionJob[],
): Promise<PromiseSettledResult<MailOutcome>[]> {
  const { db } = needs
  // Read before the transaction, which must not wait for a second connection.
  const petitions = await needs.petitions.all()
  const { rows } = await sql<SubmissionToMail>`
    select id, petition_id, language, address, details
      from submission where id = any (${jobs.map(({ id }) => id)}::uuid[])`.execute(db)
  const submissions = new Map(rows.map((submission) => [submission.id, submission]))
  const prepared = await Promise.allSettled(
    jobs.map(async (job) => prepare(needs, petitions, job, submissions.get(job.id))),
  )
  const mailings = prepared.map((each) => (each.status === 'fulfilled' ? each.value : null))
  const sent = await sendLocked(needs, firstOfEach(mailings))
  return prepared.map((each, index) => {
    if (each.status === 'rejected') return each
    const mailing = mailings[index]
    if (!mailing) return { status: 'fulfilled', value: 'not due' }
    return sent.get(mailing) ?? { status: 'fulfilled', value: HELD_ELSEWHERE }
  })
}

/** Null when nothing is to be mailed about it any more. */
function prepare(
  { keyring, clock }: MailNeeds,
  petitions: Petition[],
  job: MailSubmissionJob,
  submission: SubmissionToMail | undefined,
): Mailing | null {
  const petition = petitions.find(({ id }) => id === submission?.petition_id)
  if (!submission || !petition || !takesConfirmations(petition, clock)) return null
  const { email, normalisedEmail } = decryptDetails(keyring, submission.details)
  const keys = mailCountKeys(keyring, normalisedEmail, petition.id)
  return { job, petition, submission, to: email, normalised: normalisedEmail, keys }
}

/** A second mail to one mailbox is decided once the first is counted. */
function firstOfEach(mailings: (Mailing | null)[]): Map<string, Mailing> {
  const first = new Map<string, Mailing>()
  for (const mailing of mailings) {
    if (mailing && !first.has(lockOf(mailing.keys))) first.set(lockOf(mailing.keys), mailing)
  }
  return first
}

async function sendLocked(
  needs: MailNeeds,
  mailings: Map<string, Mailing>,
): Promise<Map<Mailing, PromiseSettledResult<MailOutcome>>> {
  const { db, clock } = needs
  return holdLocks(db, [...mailings.keys()], async (trx, held) => {
    const ours = [...held].map((name) => mailings.get(name)!)
    if (ours.length === 0) return new Map()
    const { rows } = await sql<MailState>`
      select id, mailed_at, undeliverable
        from submission where id = any (${idsOf(ours)}::uuid[])`.execute(trx)
    const stateOf = new Map(rows.map((state) => [state.id, state]))
    const turns = await readTurns(trx, clock, ours.map(keysOf))
    const outcomes = await Promise.allSettled(
      ours.map((mailing, index) =>
        sendIfDue(trx, needs, mailing, stateOf.get(mailing.job.id), turns[index]!),
      ),
    )
    const those = (isOne: (outcome: MailOutcome) => boolean) =>
      ours.filter((_, index) => {
        const result = outcomes[index]!
        return result.status === 'fulfilled' && isOne(result.value)
      })
    const sent = those((outcome) => outcome === 'sent')
    const refused = those((outcome) => outcome === 'refused')
    const waiting = those((outcome) => typeof outcome !== 'string')
    await retryDeadlocks(trx, async () => {
      if (sent.length > 0) {
        const now = clock.now()
        await countMails(trx, sent.map(keysOf), now)
        await markMailed(trx, idsOf(sent), now)
      }
      if (refused.length > 0) await markUndeliverable(trx, idsOf(refused))
      if (waiting.length > 0) await deleteOldestWaiting(trx, waiting.map(addressOf))
    })
    return new Map(ours.map((mailing, index) => [mailing, outcomes[index]!]))
  })
}

const keysOf = ({ keys }: Mailing) => keys

const addressOf = ({ petition, submission: { address } }: Mailing) => ({
  petitionId: petition.id,
  address,
})

const idsOf = (mailings: Mailing[]) => mailings.map(({ job }) => job.id)
