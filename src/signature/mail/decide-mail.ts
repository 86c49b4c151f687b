import type { Db } from '../../database.ts'
import { TOO_MANY_MAILS, type Turn } from '../../defence/cap-mails.ts'
import { CLOCKS_DIFFER_MS, type Clock, DAY, HOUR } from '../../platform/clock.ts'
import type { Keyring } from '../../platform/keyring.ts'
import type { Later } from '../../platform/mail/mail.ts'
import { mailboxFor } from '../mailbox.ts'
import { findByMailbox } from '../reads.ts'
import type { Mailing } from './read-mailings.ts'

/** A retried job finds the mail of its first run so fresh, and sends no second reminder. */
const REMINDER_SPACING = DAY
/** One that only waits for the pause between two mails goes out; one over a week's number does not. */
const REMINDER_PATIENCE = HOUR

export type MailOutcome = 'sent' | 'not due' | 'refused' | Later

export interface MailState {
  id: string
  mailed_at: Date | null
  undeliverable: boolean
}

/**
 * Whether the mail about a submission is to be sent now: it may have been sent, refused or capped meanwhile, or be
 * of somebody who has left. The caller holds the mailbox's lock.
 *
 * @param state undefined when the submission is gone
 */
export async function decideMail(
  trx: Db,
  { clock, keyring }: { clock: Clock; keyring: Keyring },
  { job, petition, to, normalised }: Mailing,
  state: MailState | undefined,
  { wait }: Turn,
): Promise<'due' | 'not due' | Later> {
  if (!state || state.undeliverable) return 'not due'
  if (job.reminder) {
    // A mailbox that confirmed through another form needs no reminder; nor does one that gets many mails.
    if (isFresh(state.mailed_at, clock) || wait > REMINDER_PATIENCE) return 'not due'
    const mailbox = mailboxFor(petition, keyring, { email: to, normalisedEmail: normalised })
    if (await findByMailbox(trx, petition.id, mailbox, { lost: true })) return 'not due'
  } else if (state.mailed_at) {
    return 'not due'
  }
  return wait > 0 ? { ...TOO_MANY_MAILS, after: wait } : 'due'
}

/** A time that has not come yet is from before the clock was set back: nobody knows how long ago. */
function isFresh(mailed: Date | null, clock: Clock): boolean {
  if (!mailed) return false
  const age = clock.now().getTime() - mailed.getTime()
  return age > -CLOCKS_DIFFER_MS && age < REMINDER_SPACING
}
