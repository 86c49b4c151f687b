import type { Db } from '../../database.ts'
import {
  countMails,
  lockOf,
  type Recipient,
  readTurns,
  recipientOf,
  TOO_MANY_MAILS,
  type Turn,
} from '../../defence/cap-mails.ts'
import { type Petition, takesConfirmations } from '../../petition/petition.ts'
import type { Petitions } from '../../petition/petitions.ts'
import { type Clock, DAY, HOUR } from '../../platform/clock.ts'
import { holdLocks, retryDeadlocks } from '../../platform/database/locks.ts'
import type { Keyring } from '../../platform/keyring.ts'
import {
  HELD_ELSEWHERE,
  type Later,
  type Mailer,
  sendOrPutOff,
} from '../../platform/mail/mailer.ts'
import { decryptDetails } from '../../sealing/signer-details.ts'
import { mailboxFor } from '../mailbox.ts'
import { composeMail } from './compose-mail.ts'
import {
  dropOldest,
  hasSigned,
  listMailStates,
  listToMail,
  type MailState,
  markMailed,
  markUndeliverable,
  type SubmissionToMail,
} from './mail.queries.ts'

export const MAIL_SUBMISSION = 'mail-submission'

export interface MailSubmissionJob {
  /** The submission's id. */
  id: string
  reminder?: boolean
  /** How often this mail was put off. */
  attempt?: number
  /** Since when its mailbox is in doubt; of the attempt before. */
  doubted?: number
}

/** A reminder that is run twice finds the mail of the first so fresh. */
const REMINDER_SPACING = DAY
/** One that only waits for the pause between two mails goes out; one over a week's number does not. */
const REMINDER_PATIENCE = HOUR

export type MailOutcome = 'sent' | 'not due' | 'refused' | Later

export interface MailServices {
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
  recipient: Recipient
}

/**
 * Sends each submission's link to exactly the address that was typed, once, and a reminder likewise. What
 * the caps hold back waits for its turn. Safe to run twice: a retried job sees mailed_at set and sends
 * nothing. A crash between the mail server's acceptance and the note of it may double these mails, never
 * lose one: so let them be few.
 *
 * @param jobs no two of one submission
 * @returns in the order of the jobs; one that can't be made keeps no other from its own
 */
export async function mailTogether(
  needs: MailServices,
  jobs: MailSubmissionJob[],
): Promise<PromiseSettledResult<MailOutcome>[]> {
  const { db } = needs
  // Read before the transaction, which must not wait for a second connection.
  const petitions = await needs.petitions.all()
  const found = await listToMail(
    db,
    jobs.map(({ id }) => id),
  )
  const submissions = new Map(found.map((submission) => [submission.id, submission]))
  const prepared = await Promise.allSettled(
    jobs.map(async (job) => prepare(needs, petitions, job, submissions.get(job.id))),
  )
  const mailings = prepared.map((each) => (each.status === 'fulfilled' ? each.value : null))
  const sent = await sendLocked(needs, firstOfEach(mailings))
  return prepared.map((each, place) => {
    if (each.status === 'rejected') return each
    const mailing = mailings[place]
    if (!mailing) return { status: 'fulfilled', value: 'not due' }
    return sent.get(mailing) ?? { status: 'fulfilled', value: HELD_ELSEWHERE }
  })
}

/** Null when nothing is to be mailed about it any more. */
function prepare(
  { keyring, clock }: MailServices,
  petitions: Petition[],
  job: MailSubmissionJob,
  submission: SubmissionToMail | undefined,
): Mailing | null {
  const petition = petitions.find(({ id }) => id === submission?.petition_id)
  if (!submission || !petition || !takesConfirmations(petition, clock)) return null
  const { email, normalisedEmail } = decryptDetails(keyring, submission.details)
  const recipient = recipientOf(keyring, normalisedEmail, petition.id)
  return { job, petition, submission, to: email, normalised: normalisedEmail, recipient }
}

/** A second mail to one mailbox is decided once the first is counted. */
function firstOfEach(mailings: (Mailing | null)[]): Map<string, Mailing> {
  const first = new Map<string, Mailing>()
  for (const mailing of mailings) {
    if (mailing && !first.has(lockOf(mailing.recipient))) {
      first.set(lockOf(mailing.recipient), mailing)
    }
  }
  return first
}

async function sendLocked(
  needs: MailServices,
  mailings: Map<string, Mailing>,
): Promise<Map<Mailing, PromiseSettledResult<MailOutcome>>> {
  const { db, clock } = needs
  return holdLocks(db, [...mailings.keys()], async (trx, held) => {
    const ours = [...held].map((name) => mailings.get(name)!)
    if (ours.length === 0) return new Map()
    const states = await listMailStates(
      trx,
      ours.map(({ job }) => job.id),
    )
    const stateOf = new Map(states.map((state) => [state.id, state]))
    const recipients = ours.map(({ recipient }) => recipient)
    const turns = await readTurns(trx, clock, recipients)
    const outcomes = await Promise.allSettled(
      ours.map((mailing, place) =>
        sendIfDue(trx, needs, mailing, stateOf.get(mailing.job.id), turns[place]!),
      ),
    )
    const those = (outcome: MailOutcome) =>
      ours.filter((_, place) => fulfilled(outcomes[place]!) === outcome)
    const waiting = ours.filter((_, place) => isLater(outcomes[place]!))
    const [sent, refused] = [those('sent'), those('refused')]
    await retryDeadlocks(trx, async () => {
      if (sent.length > 0) {
        const now = clock.now()
        await countMails(
          trx,
          sent.map(({ recipient }) => recipient),
          now,
        )
        await markMailed(trx, idsOf(sent), now)
      }
      if (refused.length > 0) await markUndeliverable(trx, idsOf(refused))
      if (waiting.length > 0) await dropOldest(trx, waiting.map(addressOf))
    })
    return new Map(ours.map((mailing, place) => [mailing, outcomes[place]!]))
  })
}

const addressOf = ({ petition, submission: { address } }: Mailing) => ({
  petitionId: petition.id,
  address,
})

const idsOf = (mailings: Mailing[]) => mailings.map(({ job }) => job.id)

const isLater = (result: PromiseSettledResult<MailOutcome>) =>
  result.status === 'fulfilled' && typeof result.value !== 'string'

const fulfilled = <T>(result: PromiseSettledResult<T>) =>
  result.status === 'fulfilled' ? result.value : null

/** @param state undefined when it is gone */
async function sendIfDue(
  trx: Db,
  needs: MailServices,
  { job, petition, submission, to, normalised }: Mailing,
  state: MailState | undefined,
  { wait, isUntold }: Turn,
): Promise<MailOutcome> {
  const { clock, mailer, keyring } = needs
  if (!state || state.undeliverable) return 'not due'
  if (job.reminder) {
    const before = state.mailed_at?.getTime() ?? 0
    const isFresh = clock.now().getTime() - before < REMINDER_SPACING
    // What was confirmed through another form needs no reminder; nor does anyone who gets many mails.
    if (isFresh || wait > REMINDER_PATIENCE) return 'not due'
    const mailbox = mailboxFor(petition, keyring, { email: to, normalisedEmail: normalised })
    if (await hasSigned(trx, petition.id, mailbox)) return 'not due'
    if (wait > 0) return { ...TOO_MANY_MAILS, after: wait }
  } else {
    if (state.mailed_at) return 'not due'
    if (wait > 0) return { ...TOO_MANY_MAILS, after: wait }
  }
  const name = job.reminder ? 'reminder' : 'confirm'
  const mail = composeMail(needs, petition, submission, name, to)
  return sendOrPutOff(mailer, isUntold ? { ...mail, isUntold } : mail, job.doubted)
}
