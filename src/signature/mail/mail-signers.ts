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
 * first was cut off. Whoever is put off, or whose mail can't be made, gets a job of their own: nobody waits
 * for them, and nobody is mailed again because of them.
 */
export async function mailSigners(
  { db, log }: Pick<Services, 'db' | 'log'>,
  mailing: Mailing,
  { signatures }: MailSignersJob,
): Promise<void> {
  await Promise.all(
    signatures.map(async ({ id, to }) => {
      const job: MailSignerJob = to === null ? { id } : { id, to }
      const outcome = await mailing(job).catch(tryLater)
      if (typeof outcome === 'string') return
      log.warn({ task: MAIL_SIGNERS, why: outcome.later }, 'a mail is put off')
      await addJob(db, MAIL_SIGNER, { ...job, attempt: 1 }, { delay: FIRST_RETRY_MS })
    }),
  )
}

/** Its message may hold a piece of what could not be read. */
const tryLater = ({ name, code = '' }: Error & { code?: string }) => ({
  later: `${name} ${code}`.trim(),
})
