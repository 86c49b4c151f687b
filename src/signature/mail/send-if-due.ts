import type { Db } from '../../database.ts'
import { TOO_MANY_MAILS, type Turn } from '../../defence/cap-mails.ts'
import type { Petition } from '../../petition/petition.ts'
import { type Clock, DAY, HOUR } from '../../platform/clock.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { type Later, type Mailer, sendOrPutOff } from '../../platform/mail/mail.ts'
import { mailboxFor } from '../mailbox.ts'
import { findByMailbox } from '../reads.ts'
import { composeMail } from './compose-mail.ts'

/** A retried job finds the mail of its first run so fresh, and sends no second reminder. */
const REMINDER_SPACING = DAY
/** One that only waits for the pause between two mails goes out; one over a week's number does not. */
const REMINDER_PATIENCE = HOUR

export type MailOutcome = 'sent' | 'not due' | 'refused' | Later

export interface MailSubmissionJob {
  /** The submission's id. */
  id: string
  reminder?: boolean
  /** How often this mail was put off. */
  attempt?: number
  /** Since when its mailbox is in doubt; of the attempt before. */
  doubted?: number
}

export interface SubmissionToMail {
  id: string
  petition_id: number
  language: string
  address: Buffer
  details: Buffer
}

export interface MailState {
  id: string
  mailed_at: Date | null
  undeliverable: boolean
}

/**
 * Sends the mail about a submission unless it was sent, refused or capped meanwhile. The caller holds the
 * mailbox's lock.
 *
 * @param state undefined when the submission is gone
 */
export async function sendIfDue(
  trx: Db,
  needs: { clock: Clock; keyring: Keyring; mailer: Mailer; config: { publicUrl: string } },
  {
    job,
    petition,
    submission,
    to,
    normalised,
  }: {
    job: MailSubmissionJob
    petition: Petition
    submission: SubmissionToMail
    to: string
    normalised: string
  },
  state: MailState | undefined,
  { wait, isUntold }: Turn,
): Promise<MailOutcome> {
  const { clock, mailer, keyring } = needs
  if (!state || state.undeliverable) return 'not due'
  if (job.reminder) {
    const before = state.mailed_at?.getTime() ?? 0
    const isFresh = clock.now().getTime() - before < REMINDER_SPACING
    // A mailbox that confirmed through another form needs no reminder; nor does one that gets many mails.
    if (isFresh || wait > REMINDER_PATIENCE) return 'not due'
    const mailbox = mailboxFor(petition, keyring, { email: to, normalisedEmail: normalised })
    if (await findByMailbox(trx, petition.id, mailbox, { lost: true })) return 'not due'
  } else if (state.mailed_at) {
    return 'not due'
  }
  if (wait > 0) return { ...TOO_MANY_MAILS, after: wait }
  const name = job.reminder ? 'reminder' : 'confirm'
  const mail = composeMail(needs, petition, submission, name, to)
  return sendOrPutOff(mailer, isUntold ? { ...mail, isUntold } : mail, job.doubted)
}
