import type { Db } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import { ago, HOUR } from '../platform/clock.ts'
import { holdLock } from '../platform/database/hold-lock.ts'
import { addJob } from '../platform/jobs/add-job.ts'
import { HELD_ELSEWHERE } from '../platform/mail/mailer.ts'
import { decryptAddress, decryptDetails, encryptAddress } from '../sealing/signer-details.ts'
import type { Services } from '../services.ts'
import type { EmailAddress } from '../signature/form/email-address.ts'
import { composeMail } from '../signature/mail/compose-mail.ts'
import { tagFor } from '../signature/sign-petition.ts'
import { findByTag, findWithdrawalMailedAt, markWithdrawalMailed } from './withdrawal.queries.ts'

export const MAIL_WITHDRAWAL = 'mail-withdrawal'

export interface MailWithdrawalJob {
  petitionId: number
  language: string
  /** Base64 of the keyed tag: tells who, without saying it. */
  tag: string
  /** The address as just typed, encrypted. */
  to: string
  attempt?: number
}

/** One link an hour for one address, whoever asks for it. */
const SPACING = HOUR

/**
 * Enqueues the mail with the link. Whether the address ever signed is looked up in the job, so that
 * the answer to the request, and its time, are the same for anyone.
 */
export async function requestWithdrawal(
  trx: Db,
  { keyring }: Pick<Services, 'keyring'>,
  petition: Petition,
  language: string,
  email: EmailAddress,
): Promise<void> {
  const tag = tagFor(petition, keyring, email.normalised).toString('base64')
  const to = encryptAddress(keyring, email.typed)
  const job: MailWithdrawalJob = { petitionId: petition.id, language, tag, to }
  // Without a key: a later request in another spelling must not replace the signer's own.
  await addJob(trx, MAIL_WITHDRAWAL, { ...job })
}

export async function mailWithdrawal(
  services: Pick<Services, 'db' | 'clock' | 'keyring' | 'mailer' | 'petitions' | 'config'>,
  job: MailWithdrawalJob,
): Promise<'sent' | 'not due' | 'refused' | { later: string }> {
  const { db, clock, keyring, mailer } = services
  const petition = await services.petitions.findById(job.petitionId)
  const found = petition && (await findByTag(db, petition.id, Buffer.from(job.tag, 'base64')))
  if (!petition || !found) return 'not due'
  const { id, details } = found
  const outcome = await holdLock(db, `withdrawal-mail:${id}`, async (trx) => {
    const before = await findWithdrawalMailedAt(trx, id)
    if (before && before > ago(clock, SPACING)) return 'not due' as const
    // The signer's own spelling while it is readable: another may be somebody else's mailbox.
    const to = details ? decryptDetails(keyring, details).email : decryptAddress(keyring, job.to)
    const mail = composeMail(services, petition, { id, language: job.language }, 'withdraw', to)
    const result = await mailer.send(mail)
    if (result.outcome === 'later') return { later: result.why }
    // A refused spelling must not keep the signer's own from getting its link.
    if (result.outcome === 'refused') return 'refused' as const
    await markWithdrawalMailed(trx, id, clock.now())
    return 'sent' as const
  })
  return outcome ?? { later: HELD_ELSEWHERE }
}
