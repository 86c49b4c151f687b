import { addJob } from '../../platform/jobs/add-job.ts'
import type { Services } from '../../services.ts'
import { MAIL_SIGNER, mailSigner } from './mail-signer.ts'

export const MAIL_SIGNERS = 'mail-signers'

/** What one batch of forms left to be mailed. */
export interface MailSignersJob {
  signatures: {
    id: string
    /** The address as just typed, encrypted; null where the signature's details say it. */
    to: string | null
  }[]
}

/** As many as the mail server is asked to take at the same time. */
const LANES = 5
const FIRST_RETRY_MS = 15_000

/**
 * Mails everyone of a batch, once: who was mailed is marked, so that a second run goes on where the
 * first was cut off. Who is put off gets a job of their own, and nobody waits for them.
 */
export async function mailSigners(
  services: Pick<Services, 'db' | 'clock' | 'keyring' | 'mailer' | 'petitions' | 'config' | 'log'>,
  { signatures }: MailSignersJob,
): Promise<void> {
  const { db, log } = services
  const rest = [...signatures]
  const lane = async () => {
    for (let next = rest.shift(); next; next = rest.shift()) {
      const job = next.to === null ? { id: next.id } : { id: next.id, to: next.to }
      const outcome = await mailSigner(services, job)
      if (typeof outcome === 'string') continue
      log.warn({ task: MAIL_SIGNERS, why: outcome.later }, 'the mail server puts a mail off')
      await addJob(db, MAIL_SIGNER, { ...job, attempt: 1 }, { delay: FIRST_RETRY_MS })
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}
