import { addJob } from '../../platform/jobs/add-job.ts'
import type { Services } from '../../services.ts'
import { MAIL_SIGNER, type MailSignerJob } from './mail-signer.ts'
import type { Mailing } from './take-mailings.ts'

export const MAIL_SIGNERS = 'mail-signers'

/** What one batch of forms left to be mailed. */
export interface MailSignersJob {
  signatures: {
    id: string
    /** The address as just typed, encrypted; null where the signature's details say it. */
    to: string | null
  }[]
}

const FIRST_RETRY_MS = 15_000

/**
 * Mails everyone of a batch, once: who was mailed is marked, so that a second run goes on where the
 * first was cut off. Who is put off gets a job of their own, and nobody waits for them.
 */
export async function mailSigners(
  { db, log }: Pick<Services, 'db' | 'log'>,
  mailing: Mailing,
  { signatures }: MailSignersJob,
): Promise<void> {
  const mailed = await Promise.allSettled(
    signatures.map(async ({ id, to }) => {
      const job: MailSignerJob = to === null ? { id } : { id, to }
      const outcome = await mailing(job)
      if (typeof outcome === 'string') return
      log.warn({ task: MAIL_SIGNERS, why: outcome.later }, 'a mail is put off')
      await addJob(db, MAIL_SIGNER, { ...job, attempt: 1 }, { delay: FIRST_RETRY_MS })
    }),
  )
  // Once everyone else has their mail: the job is tried again, for those alone who have none.
  for (const outcome of mailed) if (outcome.status === 'rejected') throw outcome.reason
}
