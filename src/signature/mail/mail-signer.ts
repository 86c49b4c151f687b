import { type Petition, takesConfirmations } from '../../petition/petition.ts'
import { type Clock, DAY, HOUR, MINUTE } from '../../platform/clock.ts'
import { holdLocks } from '../../platform/database/hold-lock.ts'
import { retryDeadlocks } from '../../platform/database/retry-deadlocks.ts'
import { HELD_ELSEWHERE } from '../../platform/mail/mailer.ts'
import { decryptAddress, decryptDetails } from '../../sealing/signer-details.ts'
import type { Services } from '../../services.ts'
import {
  listForMail,
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
  /** How often this mail was put off. */
  attempt?: number
}

/** Confirmation mails to one address, the reminder included. */
const MAX_MAILS = 5
/** What must have passed since the mail before, by how many there were. */
const SPACING = [0, 2 * MINUTE, 10 * MINUTE, HOUR, 6 * HOUR]
const ALREADY_SIGNED_SPACING = DAY
const REMINDER_SPACING = DAY

export type MailSignerOutcome = 'sent' | 'not due' | 'refused' | { later: string }

export type MailServices = Pick<
  Services,
  'db' | 'clock' | 'keyring' | 'mailer' | 'petitions' | 'config'
>

/**
 * Sends each signer the mail that the signature's state asks for: the link to confirm while it is
 * pending, rarely "you have already signed" once it is confirmed. Safe to run twice: a mail that was
 * counted is not due again. A crash between the mail server's acceptance and the count may double these
 * mails, never lose one: so let them be few.
 *
 * @param jobs no two of one signature
 * @returns in the order of the jobs; one that can't be made keeps no other from its own
 */
export async function mailTogether(
  services: MailServices,
  jobs: MailSignerJob[],
): Promise<PromiseSettledResult<MailSignerOutcome>[]> {
  const { db, clock } = services
  // Read before the transaction, which must not wait for a second connection.
  const petitions = await services.petitions.all()
  // Two submissions within a second make two jobs; one lock lets only one of them mail.
  return holdLocks(db, jobs.map(lockOf), async (trx, held) => {
    const ids = jobs.filter((job) => held.has(lockOf(job))).map(({ id }) => id)
    const signatures = new Map((await listForMail(trx, ids)).map((each) => [each.id, each]))
    const outcomes = await Promise.allSettled(
      jobs.map(async (job) =>
        held.has(lockOf(job))
          ? mailIfDue(services, petitions, signatures.get(job.id), job)
          : { later: HELD_ELSEWHERE },
      ),
    )
    const idsOf = (outcome: MailSignerOutcome) =>
      jobs.flatMap(({ id }, place) => (fulfilled(outcomes[place]!) === outcome ? id : []))
    const [sent, refused] = [idsOf('sent'), idsOf('refused')]
    await retryDeadlocks(trx, async () => {
      if (sent.length > 0) await markMailed(trx, sent, clock.now())
      if (refused.length > 0) await markUndeliverable(trx, refused)
    })
    return outcomes
  })
}

const lockOf = ({ id }: MailSignerJob) => `mail:${id}`

const fulfilled = <T>(result: PromiseSettledResult<T>) =>
  result.status === 'fulfilled' ? result.value : null

/** @param signature undefined when it is gone */
async function mailIfDue(
  services: MailServices,
  petitions: Petition[],
  signature: SignatureForMail | undefined,
  job: MailSignerJob,
): Promise<MailSignerOutcome> {
  const { clock, keyring, mailer } = services
  const petition = petitions.find((each) => each.id === signature?.petition_id)
  if (!signature || !petition || signature.undeliverable) return 'not due'
  const mail = mailDue(signature, petition, job, clock)
  if (!mail) return 'not due'
  // The signer's own spelling: another one may be somebody else's mailbox.
  const to = signature.details
    ? decryptDetails(keyring, signature.details).email
    : decryptAddress(keyring, job.to!)
  const result = await mailer.send(composeMail(services, petition, signature, mail, to))
  if (result.outcome === 'later') return { later: result.why }
  return result.outcome === 'accepted' ? 'sent' : 'refused'
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
  // Run twice it finds itself counted.
  if (job.reminder) return passed >= REMINDER_SPACING ? 'reminder' : null
  return passed >= SPACING[signature.mails]! ? 'confirm' : null
}
