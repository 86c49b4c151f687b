import type { Db } from '../../database.ts'
import { type Petition, takesConfirmations } from '../../petition/petition.ts'
import { type Clock, DAY, HOUR, MINUTE } from '../../platform/clock.ts'
import { holdLock } from '../../platform/database/hold-lock.ts'
import { decryptAddress, decryptDetails } from '../../sealing/signer-details.ts'
import type { Services } from '../../services.ts'
import {
  findForMail,
  markMailed,
  markUndeliverable,
  type SignatureForMail,
} from '../signature.queries.ts'
import { composeMail, type MailName } from './compose-mail.ts'

export const MAIL_SIGNER = 'mail-signer'

export interface MailSignerJob {
  /** The signature's id. */
  id: string
  /** The address as just typed, encrypted; absent in reminders. */
  to?: string
  reminder?: boolean
  /** How often the mail server has put this mail off. */
  attempt?: number
}

/** Confirmation mails to one address, the reminder included. */
const MAX_MAILS = 5
/** What must have passed since the mail before, by how many there were. */
const SPACING = [0, 2 * MINUTE, 10 * MINUTE, HOUR, 6 * HOUR]
const ALREADY_SIGNED_SPACING = DAY

export type MailSignerOutcome = 'sent' | 'not due' | 'refused' | { later: string }

/**
 * Sends the mail that the signature's state asks for: the link to confirm while it is pending, rarely
 * "you have already signed" once it is confirmed. Safe to run twice: a mail that was counted is not
 * due again. A crash between the mail server's acceptance and the count may double one mail, never
 * lose one.
 */
export async function mailSigner(
  services: Pick<Services, 'db' | 'clock' | 'keyring' | 'mailer' | 'petitions' | 'config'>,
  job: MailSignerJob,
): Promise<MailSignerOutcome> {
  const { db, clock, keyring, mailer } = services
  // Read before the transaction, which must not wait for a second connection.
  const petitions = await services.petitions.all()
  // Two submissions within a second make two jobs; one lock lets only one of them mail.
  const held = await holdLock(db, `mail:${job.id}`, async (trx): Promise<MailSignerOutcome> => {
    const due = await findDue(trx, clock, petitions, job)
    if (!due) return 'not due'
    const { signature, petition, mail } = due
    // The signer's own spelling: another one may be somebody else's mailbox.
    const to = signature.details
      ? decryptDetails(keyring, signature.details).email
      : decryptAddress(keyring, job.to!)
    const result = await mailer.send(composeMail(services, petition, signature, mail, to))
    if (result.outcome === 'later') return { later: result.why }
    if (result.outcome === 'accepted') await markMailed(trx, signature.id, clock.now())
    else await markUndeliverable(trx, signature.id)
    return result.outcome === 'accepted' ? 'sent' : 'refused'
  })
  return held ?? 'not due'
}

async function findDue(
  db: Db,
  clock: Clock,
  petitions: Petition[],
  job: MailSignerJob,
): Promise<{ signature: SignatureForMail; petition: Petition; mail: MailName } | null> {
  const signature = await findForMail(db, job.id)
  const petition = petitions.find((each) => each.id === signature?.petition_id)
  if (!signature || !petition || signature.undeliverable) return null
  const mail = mailDue(signature, petition, job, clock)
  return mail && { signature, petition, mail }
}

function mailDue(
  signature: SignatureForMail,
  petition: Petition,
  job: MailSignerJob,
  clock: Clock,
): MailName | null {
  const passed = signature.mailed_at
    ? clock.now().getTime() - signature.mailed_at.getTime()
    : Number.POSITIVE_INFINITY
  if (signature.state === 'confirmed' && job.to) {
    return passed >= ALREADY_SIGNED_SPACING ? 'already-signed' : null
  }
  if (signature.state !== 'pending' || !takesConfirmations(petition, clock)) return null
  if (signature.mails >= MAX_MAILS) return null
  if (job.reminder) return 'reminder'
  return passed >= SPACING[signature.mails]! ? 'confirm' : null
}
